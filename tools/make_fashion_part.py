"""Make the part of Fashion-MNIST that comes with the course: of each class the first 1,000 and the first 200 images."""

import numpy as np
from numpy.typing import NDArray

from cnnlab.data.fashion import CLASSES, SHIPPED, fashion_mnist


def first_of_each(labels: NDArray[np.int64], count: int) -> NDArray[np.intp]:
    """The places of the first ``count`` images of each class, in their old order."""
    places = [np.flatnonzero(labels == label)[:count] for label in range(len(CLASSES))]
    return np.sort(np.concatenate(places))


def main() -> None:
    whole = fashion_mnist(full=True)
    if not whole.complete:
        raise SystemExit("the part is made from the whole set, which could not be fetched")
    train, test = first_of_each(whole.train_labels, 1000), first_of_each(whole.test_labels, 200)
    SHIPPED.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        SHIPPED,
        train_images=whole.train_images[train, 0],
        train_labels=whole.train_labels[train].astype(np.uint8),
        test_images=whole.test_images[test, 0],
        test_labels=whole.test_labels[test].astype(np.uint8),
    )
    print(SHIPPED, f"{SHIPPED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
