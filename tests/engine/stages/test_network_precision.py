"""OpenVINO is asked for float32 where its own choice would be slower."""

import pytest

from touchline.engine.stages.detect.network import _is_slow_with_bfloat16


@pytest.mark.parametrize(
    ("flags", "is_slow"),
    [
        ("fpu avx2 avx512f", False),
        ("fpu avx2 avx512f avx512_bf16", True),
        ("fpu avx2 avx512f avx512_bf16 amx_tile amx_bf16", False),
    ],
)
def test_bfloat16_is_slow_without_tiles(tmp_path, flags, is_slow):
    listed = tmp_path / "cpuinfo"
    listed.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n")
    assert _is_slow_with_bfloat16(listed) is is_slow


def test_an_unknown_processor_is_left_to_openvino(tmp_path):
    assert _is_slow_with_bfloat16(tmp_path / "missing") is False
