import io
import resource

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from picture_files import BLUE, RED, a_phone_photo, a_picture, a_png_bomb, a_text_bomb, an_animation, decoded, encoded
from touchline.adapters.pictures_pillow import LONGEST_STORED_SIDE_PX, PillowCleaner
from touchline.foundation.pictures import PictureKind, PictureTooLargeError, UnreadablePictureError

pytestmark = pytest.mark.anyio

clean = PillowCleaner().clean


def is_near(color, wanted):
    return all(abs(one - other) < 16 for one, other in zip(color, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_keeps_its_kind_its_size_and_what_it_shows(kind):
    made = await clean(a_picture(kind))
    shown = decoded(made.content)
    assert (shown.format, shown.size) == (kind, (40, 30))
    assert made.kind is PictureKind("jpg" if kind == "JPEG" else kind.lower())
    assert is_near(shown.convert("RGB").getpixel((20, 15)), RED)


async def test_a_photo_is_turned_upright_and_tells_nothing_about_where_it_was_taken():
    photo = a_phone_photo(orientation=6)
    assert b"SecretPhone" in photo
    assert b"hidden words" in photo
    shown = decoded((made := await clean(photo)).content)
    assert shown.size == (40, 80)
    assert is_near(shown.getpixel((20, 10)), RED)
    assert is_near(shown.getpixel((20, 70)), BLUE)
    assert not shown.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(shown.info)
    for secret in (b"SecretPhone", b"hidden words", b"Exif"):
        assert secret not in made.content


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_every_way_of_holding_a_phone_is_understood(orientation):
    photo = a_phone_photo(orientation=orientation)
    wanted = ImageOps.exif_transpose(decoded(photo))
    shown = decoded((await clean(photo)).content)
    assert shown.size == wanted.size
    for at in ((5, 5), (wanted.width - 5, 5), (5, wanted.height - 5)):
        assert is_near(shown.getpixel(at), wanted.getpixel(at))


async def test_a_png_loses_its_texts_and_its_profile():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "hidden words")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = encoded(Image.new("RGB", (9, 9), RED), "PNG", pnginfo=notes, icc_profile=profile)
    made = await clean(picture)
    assert b"hidden words" in picture
    assert not decoded(made.content).info
    assert b"hidden words" not in made.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_transparency_stays(kind):
    logo = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    logo.paste((*RED, 255), (5, 5, 15, 15))
    shown = decoded((await clean(encoded(logo, kind))).content).convert("RGBA")
    assert shown.getpixel((1, 1))[3] == 0
    assert shown.getpixel((10, 10))[3] == 255
    assert is_near(shown.getpixel((10, 10))[:3], RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_of_an_animation_the_first_frame_is_kept(kind):
    moving = an_animation(kind)
    assert decoded(moving).n_frames == 2
    shown = decoded((await clean(moving)).content)
    assert getattr(shown, "n_frames", 1) == 1
    assert is_near(shown.convert("RGB").getpixel((10, 10)), RED)


@pytest.mark.parametrize(
    ("mode", "kind", "color"),
    [("1", "PNG", 1), ("L", "PNG", 90), ("LA", "PNG", (90, 255)), ("P", "GIF", 0), ("CMYK", "JPEG", (0, 255, 255, 0))],
)
async def test_uncommon_colours_are_understood(mode, kind, color):
    assert decoded((await clean(encoded(Image.new(mode, (8, 8), color), kind))).content).size == (8, 8)


async def test_sixteen_bits_of_grey_become_the_upper_eight():
    grey = Image.frombytes("I;16", (8, 8), (0x8040).to_bytes(2, "little") * 64)
    assert decoded((await clean(encoded(grey, "PNG"))).content).getpixel((4, 4)) == 0x80


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_large_picture_is_shrunk(kind):
    shown = decoded((await clean(a_picture(kind, size=(6000, 3000)))).content)
    assert shown.size == (LONGEST_STORED_SIDE_PX, LONGEST_STORED_SIDE_PX // 2)


@pytest.mark.parametrize("size", [(12_001, 1), (1, 12_001), (8000, 7000), (60_000, 60_000)])
async def test_a_bomb_is_refused_before_it_unpacks(size):
    bomb = a_png_bomb(*size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PictureTooLargeError):
        await clean(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


async def test_a_bomb_in_a_comment_is_refused():
    with pytest.raises(UnreadablePictureError):
        await clean(a_text_bomb())


async def test_a_gif_whose_frame_is_larger_than_it_says_is_refused_or_bounded():
    small = bytearray(a_picture("GIF", size=(20, 20)))
    at = small.index(b"\x2c")  # the frame's own place and size
    small[at + 5 : at + 9] = (60_000).to_bytes(2, "little") * 2
    with pytest.raises((PictureTooLargeError, UnreadablePictureError)):
        await clean(bytes(small))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_that_breaks_off_is_refused(kind):
    whole = encoded(Image.effect_noise((200, 200), 60).convert("RGB"), kind)
    for part in (12, 40, len(whole) // 2):
        with pytest.raises(UnreadablePictureError):
            await clean(whole[:part])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a=1;alert(document.cookie)//" + bytes(200),
        b"%PDF-1.7 " + bytes(100),
        b"BM" + bytes(100),
        b"II*\x00" + bytes(100),
        b"\x00\x00\x01\x00" + bytes(100),
        b"\xff\xd8\xff" + b"<script>" * 100,
        b"RIFF\x00\x00\x00\x00WEBPVP8L<script>" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    ],
)
async def test_what_is_no_picture_is_refused(content):
    with pytest.raises((UnreadablePictureError, PictureTooLargeError)):  # nonsense may state any size
        await clean(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_what_hangs_behind_a_picture_is_cut_off(kind):
    """A web page or an archive in the tail makes one file two things."""
    made = await clean(a_picture(kind) + b"<script>alert(1)</script>PK\x03\x04" * 20)
    assert b"<script>" not in made.content
    assert b"PK\x03\x04" not in made.content


async def test_a_script_in_a_gif_comment_is_gone():
    polyglot = encoded(Image.new("RGB", (9, 9), RED), "GIF", comment=b"*/=1;alert(1)//")
    assert b"alert" in polyglot
    assert b"alert" not in (await clean(polyglot)).content


@pytest.mark.parametrize("other", ["TIFF", "BMP", "ICO", "PPM", "TGA", "JPEG2000"])
async def test_other_kinds_are_refused_though_the_library_reads_them(other):
    out = io.BytesIO()
    Image.new("RGB", (16, 16), RED).save(out, other)
    with pytest.raises(UnreadablePictureError):
        await clean(out.getvalue())
