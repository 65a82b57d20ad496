"""Tiny networks that really see: a red rectangle is a person, a blue one a ball, in each layout that can be read.

They measure both rectangles to a fraction of a pixel (sums of colour, not edges), and only if they are fed as they
were "trained": colour planes in their order, on their scale, normalised with their numbers. What they measure they
write down as their family does.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PERSON_SCORE, BALL_SCORE = 0.9, 0.8
# Logarithms and bins need something above zero.
_TINY = 1e-7


@dataclass(frozen=True)
class Fed:
    """How a network was "trained": plane of red and blue, value of white, normalisation."""

    order: str = "BGR"
    white: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)


class Graph:
    """Nodes one after the other; every method gives the name of a value."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def op(self, kind, *inputs, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def const(self, value, dtype=np.float32):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def ints(self, *values):
        return self.const(values, np.int64)

    def at(self, value, index):
        """One element of a vector, as a vector of one."""
        return self.op("Gather", value, self.ints(index), axis=0)

    def join(self, *values, axis=0):
        return self.op("Concat", *values, axis=axis)

    def named(self, value, name):
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        return name

    def save(self, path, *, inputs, outputs, notes=None):
        """inputs and outputs: (name, element type, dims with None or text for free ones)."""
        graph = helper.make_graph(
            self.nodes,
            "seeing",
            [helper.make_tensor_value_info(*one) for one in inputs],
            [helper.make_tensor_value_info(*one) for one in outputs],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        if notes:
            helper.set_model_props(model, notes)
        onnx.save(model, str(path))
        return path


class Sight:
    """The measured rectangles of a picture "x": boxes (4,) in input pixels and scores (1,)."""

    def __init__(self, graph, fed, *, name="x", kind=TensorProto.FLOAT):
        self.graph = g = graph
        picture = g.op("Cast", name, to=TensorProto.FLOAT) if kind != TensorProto.FLOAT else name
        column = (1, 3, 1, 1)
        undone = g.op("Mul", picture, g.const(np.reshape(fed.std, column)))
        undone = g.op("Add", undone, g.const(np.reshape(fed.mean, column)))
        undone = g.op("Div", undone, g.const(fed.white))
        red, blue = (2, 0) if fed.order == "BGR" else (0, 2)
        planes = [g.op("Gather", undone, g.const(plane, np.int64), axis=1) for plane in (red, blue)]
        shape = g.op("Shape", undone)
        self.height, self.width = (g.op("Gather", shape, g.const(axis, np.int64), axis=0) for axis in (2, 3))
        # Grey, black and white cancel out.
        self.person, self.person_score = self._measured(planes[0], planes[1], PERSON_SCORE)
        self.ball, self.ball_score = self._measured(planes[1], planes[0], BALL_SCORE)

    def along(self, size, step=1.0):
        """Middles of the pixels (or cells of `step` pixels) along a side, (n,) input pixels."""
        g = self.graph
        count = g.op("Div", size, g.const(int(step), np.int64))
        steps = g.op("Range", g.const(0, np.int64), count, g.const(1, np.int64))
        return g.op("Mul", g.op("Add", g.op("Cast", steps, to=TensorProto.FLOAT), g.const(0.5)), g.const(step))

    def _measured(self, more, less, score):
        g = self.graph
        mass = g.op("Relu", g.op("Sub", more, less))  # (1, H, W)
        columns, rows = (
            g.op("ReduceSum", mass, g.ints(0, 1), keepdims=0),
            g.op("ReduceSum", mass, g.ints(0, 2), keepdims=0),
        )
        all_ = g.op("Add", g.op("ReduceSum", columns, keepdims=1), g.const([_TINY]))
        middle = g.join(
            *(
                g.op("Div", g.op("ReduceSum", g.op("Mul", part, self.along(size)), keepdims=1), all_)
                for part, size in ((columns, self.width), (rows, self.height))
            )
        )
        # The tallest column is the rectangle's height, the longest row its width.
        size = g.join(*(g.op("ReduceMax", part, keepdims=1) for part in (rows, columns)))
        half = g.op("Div", size, g.const(2.0))
        box = g.join(g.op("Sub", middle, half), g.op("Add", middle, half))
        seen = g.op("Clip", g.op("ReduceSum", columns, keepdims=1), g.const(0.0), g.const(1.0))
        return box, g.op("Mul", seen, g.const([score]))

    def shares(self):
        """Middle and size of person and ball as shares of the input, two of (4,)."""
        g = self.graph
        sides = g.op(
            "Cast",
            g.op("Concat", *(g.op("Unsqueeze", one, g.ints(0)) for one in (self.width, self.height)), axis=0),
            to=TensorProto.FLOAT,
        )
        twice = g.join(sides, sides)
        return [g.op("Div", self.middle_and_size(box), twice) for box in (self.person, self.ball)]

    def middle_and_size(self, box):
        g = self.graph
        low, high = (g.op("Slice", box, g.ints(start), g.ints(start + 2)) for start in (0, 2))
        return g.join(g.op("Div", g.op("Add", low, high), g.const(2.0)), g.op("Sub", high, low))

    def class_scores(self, count, classes):
        """(1, C) for the person and for the ball: the score at its class, zero elsewhere."""
        g = self.graph
        rows = []
        for score, place in ((self.person_score, classes[0]), (self.ball_score, classes[1])):
            pick = np.zeros((1, count), np.float32)
            pick[0, place] = 1
            rows.append(g.op("Mul", g.const(pick), score))
        return rows

    def row(self, *parts):
        """Parts (n,) or (1, n) side by side as a row (1, n)."""
        g = self.graph
        return g.join(*(g.op("Reshape", part, g.ints(1, -1)) for part in parts), axis=1)

    def padded(self, rows, width, total):
        """(1, total, width): the rows and zeros."""
        g = self.graph
        zeros = g.const(np.zeros((total - len(rows), width), np.float32))
        return g.op("Unsqueeze", g.join(*rows, zeros), g.ints(0))


PICTURE = ("x", TensorProto.FLOAT)


def picture_input(size, kind=TensorProto.FLOAT, batch=1):
    width, height = size or ("w", "h")
    return ("x", kind, [batch, 3, height, width])


def cells(size, strides=(8, 16, 32)):
    return sum(-(-size[1] // stride) * -(-size[0] // stride) for stride in strides)


def centre_heatmap(path, size=None):
    g = Graph()
    s = Sight(g, Fed())
    xs = g.op("Unsqueeze", s.along(s.width, 4.0), g.ints(0))  # (1, W/4)
    ys = g.op("Unsqueeze", s.along(s.height, 4.0), g.ints(1))  # (H/4, 1)
    heats = []
    for box, score in ((s.person, s.person_score), (s.ball, s.ball_score)):
        middle = s.middle_and_size(box)
        far = g.op(
            "Add",
            *(g.op("Pow", g.op("Sub", line, g.at(middle, axis)), g.const(2.0)) for axis, line in enumerate((xs, ys))),
        )
        # 0.8 cells wide: narrow enough that 3×3 cells hold it, wide enough that they tell where it is.
        bell = g.op("Exp", g.op("Div", far, g.const(-2 * 3.2**2)))
        heats.append(g.op("Mul", g.op("Div", bell, g.op("ReduceMax", bell, keepdims=0)), score))
    heat = g.op("Unsqueeze", g.join(*(g.op("Unsqueeze", one, g.ints(0)) for one in heats)), g.ints(0))
    whole = g.op("Mul", g.op("Add", xs, ys), g.const(0.0))
    reach = [
        g.op("Add", g.op("Mul", g.op("Sub", line, g.at(s.person, side)), g.const(sign)), whole)
        for side, line, sign in ((0, xs, 1.0), (1, ys, 1.0), (2, xs, -1.0), (3, ys, -1.0))
    ]
    distances = g.op("Unsqueeze", g.join(*(g.op("Unsqueeze", one, g.ints(0)) for one in reach)), g.ints(0))
    g.named(heat, "hm")
    g.named(distances, "wh")
    maps = [("hm", TensorProto.FLOAT, [1, 2, "a", "b"]), ("wh", TensorProto.FLOAT, [1, 4, "a", "b"])]
    return g.save(path, inputs=[picture_input(size)], outputs=maps)


def yolox(path, size=(640, 640), *, count=80, classes=(0, 32), is_decoded=False, fed=None):
    g = Graph()
    s = Sight(g, fed or Fed())
    rows = []
    for number, (box, scores) in enumerate(zip((s.person, s.ball), s.class_scores(count, classes), strict=True)):
        both = s.middle_and_size(box)
        if not is_decoded:
            # The first and second cell of stride 8.
            cells_wide = g.op("Div", both, g.const(8.0))
            middle = g.op("Sub", g.op("Slice", cells_wide, g.ints(0), g.ints(2)), g.const([number, 0.0]))
            logs = g.op("Log", g.op("Add", g.op("Slice", cells_wide, g.ints(2), g.ints(4)), g.const(_TINY)))
            both = g.join(middle, logs)
        rows.append(s.row(both, g.const([1.0]), scores))
    total, width = cells(size), 5 + count
    rest = np.zeros((total - 2, width), np.float32)
    if is_decoded:
        middles = [
            (column * stride + stride / 2, row * stride + stride / 2)
            for stride in (8, 16, 32)
            for row in range(size[1] // stride)
            for column in range(size[0] // stride)
        ]
        rest[:, :2] = middles[2:]
        rest[:, 2:4] = 16.0
    g.named(g.op("Unsqueeze", g.join(*rows, g.const(rest)), g.ints(0)), "output")
    return g.save(path, inputs=[picture_input(size)], outputs=[("output", TensorProto.FLOAT, [1, total, width])])


def yolov8(path, size=(640, 640), *, count=80, classes=(0, 32), notes=None, fed=None, kind=TensorProto.FLOAT, batch=1):
    g = Graph()
    s = Sight(g, fed or Fed("RGB", 1.0), kind=kind)
    boxes = [s.middle_and_size(box) for box in (s.person, s.ball)]
    rows = [s.row(box, scores) for box, scores in zip(boxes, s.class_scores(count, classes), strict=True)]
    total = cells(size)
    out = g.op("Transpose", s.padded(rows, 4 + count, total), perm=[0, 2, 1])
    g.named(g.op("Cast", out, to=kind), "output0")
    return g.save(
        path, inputs=[picture_input(size, kind, batch)], outputs=[("output0", kind, [1, 4 + count, total])], notes=notes
    )


def nanodet(path, size=(416, 416), *, count=2, bins=11, strides=(8, 16, 32), classes=(0, 1), fed=None):
    """Every cell inside a rectangle tells of it, if its bins reach all four sides."""
    g = Graph()
    s = Sight(g, fed or Fed())
    places = np.array(
        [(x, y, step) for step in strides for y in range(-(-size[1] // step)) for x in range(-(-size[0] // step))]
    )
    step = places[:, 2:].astype(float)
    middles = places[:, :2] * step + (0.0 if len(strides) == 4 else (step - 1) / 2)
    signs, scores, logits = g.const([1.0, 1.0, -1.0, -1.0]), [], []
    for box, score in zip((s.person, s.ball), s.class_scores(count, classes), strict=True):
        away = g.op("Mul", g.op("Sub", g.const(np.tile(middles, 2)), box), signs)
        reach = g.op("Div", away, g.const(step))  # (N, 4) strides, negative outside
        least = g.op("ReduceMin", reach, axes=[1], keepdims=1)
        most = g.op("ReduceMax", reach, axes=[1], keepdims=1)
        sees = g.op("And", g.op("Greater", least, g.const(0.0)), g.op("Less", most, g.const(bins - 1.0)))
        told = g.op("Cast", sees, to=TensorProto.FLOAT)
        scores.append(g.op("Mul", told, score))
        gaps = g.op("Abs", g.op("Sub", g.op("Unsqueeze", reach, g.ints(2)), g.const(np.arange(bins))))
        weights = g.op("Relu", g.op("Sub", g.const(1.0), gaps))
        # The mean of the bins under their softmax is the distance.
        spread = g.op("Log", g.op("Add", weights, g.const(_TINY)))
        logits.append(g.op("Mul", spread, g.op("Unsqueeze", told, g.ints(2))))
    flat = g.op("Reshape", g.op("Add", *logits), g.ints(len(places), 4 * bins))
    rows = g.join(g.op("Add", *scores), flat, axis=1)
    g.named(g.op("Unsqueeze", rows, g.ints(0)), "pred")
    outputs = [("pred", TensorProto.FLOAT, [1, len(places), count + 4 * bins])]
    return g.save(path, inputs=[picture_input(size)], outputs=outputs)


def detr(path, size=(640, 640), *, count=80, classes=(0, 32), names=("logits", "pred_boxes"), is_logit=True, fed=None):
    """`names` of scores and boxes; one name for both puts them into one output."""
    g = Graph()
    s = Sight(g, fed or Fed("RGB", 1.0))
    scores, shares = s.class_scores(count, classes), s.shares()
    if len(names) == 1:
        rows = [s.row(box, score) for box, score in zip(shares, scores, strict=True)]
        g.named(s.padded(rows, 4 + count, 300), names[0])
        return g.save(path, inputs=[picture_input(size)], outputs=[(names[0], TensorProto.FLOAT, [1, 300, 4 + count])])
    values = s.padded([s.row(score) for score in scores], count, 300)
    if is_logit:
        kept = g.op("Clip", values, g.const(1e-4), g.const(1 - 1e-4))
        values = g.op("Log", g.op("Div", kept, g.op("Sub", g.const(1.0), kept)))
    g.named(values, names[0])
    g.named(s.padded([s.row(box) for box in shares], 4, 300), names[1])
    outputs = [(names[0], TensorProto.FLOAT, [1, 300, count]), (names[1], TensorProto.FLOAT, [1, 300, 4])]
    return g.save(path, inputs=[picture_input(size)], outputs=outputs)


def detr_deployed(path, size=(640, 640), *, classes=(0, 32)):
    g = Graph()
    s = Sight(g, Fed("RGB", 1.0))
    # Scaled by whatever size it is told, as width and height.
    told = g.op("Cast", g.op("Reshape", "orig_target_sizes", g.ints(-1)), to=TensorProto.FLOAT)
    twice, boxes = g.join(told, told), []
    for shares in s.shares():
        half = g.op("Div", g.op("Slice", shares, g.ints(2), g.ints(4)), g.const(2.0))
        middle = g.op("Slice", shares, g.ints(0), g.ints(2))
        corners = g.join(g.op("Sub", middle, half), g.op("Add", middle, half))
        boxes.append(s.row(g.op("Mul", corners, twice)))
    g.named(s.padded(boxes, 4, 300), "boxes")
    scores = g.join(s.person_score, s.ball_score, g.const(np.zeros(298)))
    g.named(g.op("Unsqueeze", scores, g.ints(0)), "scores")
    g.named(g.const([[*classes, *[7] * 298]], np.int64), "labels")
    inputs = [picture_input(size, batch="N"), ("orig_target_sizes", TensorProto.INT64, ["N", 2])]
    outputs = [
        ("labels", TensorProto.INT64, [1, 300]),
        ("boxes", TensorProto.FLOAT, [1, 300, 4]),
        ("scores", TensorProto.FLOAT, [1, 300]),
    ]
    return g.save(path, inputs=inputs, outputs=outputs)


def end_to_end(path, size=(640, 640), *, classes=(0, 32), notes=None):
    g = Graph()
    s = Sight(g, Fed("RGB", 1.0))
    found = ((s.person, s.person_score, classes[0]), (s.ball, s.ball_score, classes[1]))
    rows = [s.row(box, score, g.const([float(place)])) for box, score, place in found]
    g.named(s.padded(rows, 6, 300), "output0")
    return g.save(
        path, inputs=[picture_input(size)], outputs=[("output0", TensorProto.FLOAT, [1, 300, 6])], notes=notes
    )


def silent(path, shape, size=(640, 640), *, name="out"):
    """A network of one output of any shape, all zeros."""
    g = Graph()
    zero = g.op("Mul", g.op("ReduceMax", "x", keepdims=0), g.const(0.0))
    g.named(g.op("Add", g.const(np.zeros(shape)), zero), name)
    return g.save(path, inputs=[picture_input(size)], outputs=[(name, TensorProto.FLOAT, list(shape))])


def constant_rows(path, rows, size=(640, 640), *, notes=None):
    """A YOLOv8 that answers every picture with the same rows: middle, size and a score for each class."""
    g = Graph()
    count = len(rows[0]) - 4
    total = cells(size)
    columns = np.zeros((1, 4 + count, total), np.float32)
    columns[0, :, : len(rows)] = np.array(rows).T
    zero = g.op("Mul", g.op("ReduceMax", "x", keepdims=0), g.const(0.0))
    g.named(g.op("Add", g.const(columns), zero), "output0")
    outputs = [("output0", TensorProto.FLOAT, [1, 4 + count, total])]
    return g.save(path, inputs=[picture_input(size)], outputs=outputs, notes=notes)
