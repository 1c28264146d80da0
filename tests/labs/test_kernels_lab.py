"""The kernels lab: pointing, editing in place, two kernels, an upload, and PyTorch."""

import io
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

from cnnlab.data import photo
from cnnlab.kernels import gaussian_kernel, kernel
from cnnlab.labs import KernelsLab
from tests.labs.looking import control, found, shown_text


def told(lab: KernelsLab, **event: Any) -> None:
    lab.stage._handle_custom_msg({"cols": 256, **event}, [])


@pytest.mark.parametrize(
    "settings",
    [
        {"kernel": "gaussian, any size", "size": 4, "padding_mode": "zeros"},
        {"kernel": "box, any size", "size": 9, "padding_mode": "circular", "photo": "coffee"},
        {"second": "sobel y", "padding_mode": "reflect"},
    ],
)
def test_pytorch_computes_the_same(settings: dict[str, Any]) -> None:
    assert KernelsLab(**settings).check_with_torch() < 1e-9


def test_the_code_that_is_shown_names_what_it_does() -> None:
    code = KernelsLab(second="sobel y").torch_code()
    assert 'x = F.pad(x, (1, 1, 1, 1), mode="replicate")' in code
    assert "[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]" in code and code.endswith("y = torch.sqrt(a**2 + b**2)")


def test_pointing_at_photo_or_answer_looks_and_a_click_stays() -> None:
    lab = KernelsLab()
    for grid in ("photo", "answer"):
        told(lab, kind="hover", grid=grid, row=10, col=20)
        assert (lab.trace.row, lab.trace.col, lab.row, lab.col) == (10, 20, 86, 74)
        told(lab, kind="leave")
        assert (lab.trace.row, lab.trace.col) == (86, 74)
    told(lab, kind="pin", grid="answer", row=10, col=20)
    assert (lab.trace.row, lab.trace.col, lab.row, lab.col) == (10, 20, 10, 20)


def test_a_number_of_the_kernel_is_changed_in_place() -> None:
    lab = KernelsLab(kernel="identity")
    told(lab, kind="edit", grid="kernel", cells=[[1, 2]], text="-1")
    assert lab.recipe() == "KernelsLab(kernel='0 0 0; 0 1 -1; 0 0 0')"
    assert "kernel, sum 0" in lab.svg and "Your own weights." in lab.svg
    image = photo("cat", gray=True).astype(float)
    np.testing.assert_array_equal(lab.trace.filtered.answer[:, :-1], image[:, :-1] - image[:, 1:])
    told(lab, kind="edit", grid="kernel", cells=[[1, 2]], text="x")
    assert "kernel[1, 2] holds 'x'" in lab.error


def test_the_second_kernel_is_edited_and_pasted_too() -> None:
    lab = KernelsLab(second="sobel y")
    told(lab, kind="edit", grid="second", cells=[[0, 0]], text="5")
    assert lab.trace.filtered.kernels[1].weight[0, 0] == 5
    told(lab, kind="grid", grid="second", text="0 0 0\n0 1 0\n0 0 0")
    assert lab.trace.filtered.kernels[1].sum == 1
    told(lab, kind="grid", grid="kernel", text="1 2\n3 4")
    assert "second must have as many cells as kernel" in lab.error


def test_what_is_typed_stays_what_it_is_and_is_divided_no_more() -> None:
    lab = KernelsLab(kernel="ones", normalize=True)
    assert "kernel, sum 1" in lab.svg
    told(lab, kind="edit", grid="kernel", cells=[[0, 0]], text="4")
    assert not lab.normalize
    assert lab.trace.filtered.kernels[0].weight[0].tolist() == [4, 1 / 9, 1 / 9]


def test_normalize_refuses_a_sum_of_0_and_says_why() -> None:
    lab = KernelsLab()
    before = lab.svg
    lab.normalize = True
    assert lab.error.startswith("normalize divides by the sum of the weights, which is 0 for sobel x")
    assert lab.svg == before
    lab.kernel = "ones"
    assert lab.error == "" and lab.trace.filtered.kernels[0].sum == 1


def test_a_gaussian_of_any_size() -> None:
    lab = KernelsLab(kernel="gaussian, any size", size=7, sigma=1.5)
    np.testing.assert_array_equal(lab.trace.filtered.kernels[0].weight, gaussian_kernel(7, 1.5).weight)
    assert not control(lab, "size").disabled and not control(lab, "sigma").disabled
    lab.kernel = "box, any size"
    assert not control(lab, "size").disabled and control(lab, "sigma").disabled
    lab.kernel = "gaussian"
    assert control(lab, "size").disabled


def test_take_apart_shows_the_parts_or_says_that_there_are_none() -> None:
    lab = KernelsLab(separable=True)
    assert "after the column" in lab.svg and "two passes: 3 + 3 = 6" in lab.svg
    lab.kernel = "laplacian"
    assert "after the column" not in lab.svg and "it takes a sum of 2 such products" in lab.svg
    lab.kernel, lab.second = "sobel x", "sobel y"  # two kernels are not taken apart
    assert "two passes" not in lab.svg
    assert found(lab, widgets.Checkbox, description="take apart").disabled


def test_a_smaller_photo_takes_the_pixel_along() -> None:
    lab = KernelsLab(row=200, col=250)
    lab.photo = np.zeros((3, 5))
    assert (lab.row, lab.col, lab.error) == (2, 4, "")
    assert (lab.boxes["row"].max, lab.boxes["col"].max) == (2, 4)


def test_a_photo_in_color_is_turned_to_gray() -> None:
    lab = KernelsLab(photo=photo("coffee"), kernel="identity")
    assert np.abs(lab.trace.filtered.answer - photo("coffee", gray=True)).max() <= 1  # Pillow rounds


def test_an_uploaded_photo_is_used_and_a_broken_one_is_refused() -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.full((10, 10), 90, np.uint8)).save(buffer, "PNG")
    lab = KernelsLab()
    lab.upload("mine.png", buffer.getvalue())
    assert lab.error == "" and set(np.unique(lab.trace.filtered.photo)) == {90}
    with pytest.raises(ValueError, match="broken"):
        lab.upload("broken.png", b"no picture")
    assert lab.photo == "mine.png"


def test_a_wall_is_black_whatever_its_brightness() -> None:
    """The weights sum to 0: white and black walls have the same answer, and only the edge between them is seen."""
    answers = [KernelsLab(photo=np.full((6, 6), v)).trace.filtered.answer for v in (0, 255)]
    assert not answers[0].any() and not answers[1].any()


def test_the_type_panel_takes_a_kernel() -> None:
    lab = KernelsLab(panel="type")
    text = found(lab, widgets.Textarea)
    assert text.value == "-1 0 1\n-2 0 2\n-1 0 1"
    text.value = "0 1 0\n1 1 1\n0 1 0"
    lab._take_kernel(text.value)
    assert lab.trace.filtered.kernels[0].sum == 5
    lab.panel = "code"
    assert "torch.tensor(photo)" in shown_text(lab)


def test_every_named_kernel_can_be_chosen() -> None:
    lab = KernelsLab()
    for name in lab.boxes["kernel"].options:
        lab.kernel = name
        assert lab.error == "", name
    assert lab.boxes["kernel"].options[-2:] == ("box, any size", "gaussian, any size")
    assert kernel("identity").name in lab.boxes["kernel"].options


def test_the_size_can_be_chosen_where_two_kernels_do_not_fit_each_other_yet() -> None:
    lab = KernelsLab()
    assert lab.boxes["size"].disabled and lab.boxes["sigma"].disabled
    lab.second = "gaussian, any size"
    assert "give both the same size" in lab.error
    assert not lab.boxes["size"].disabled and not lab.boxes["sigma"].disabled
    lab.boxes["size"].value = 3
    assert lab.error == "" and len(lab.trace.sums) == 2


@pytest.mark.parametrize(
    ("kernel_name", "white"), [("gaussian, any size", 255.0), ("gaussian", 255.0), ("sobel x", 4 * 255.0)]
)
def test_after_the_column_the_photo_is_as_bright_as_before(kernel_name: str, white: float) -> None:
    picture = KernelsLab(kernel=kernel_name, separable=True).current
    assert picture.passed_tone(np.ones((2, 2))).high == pytest.approx(white)
