"""Whether the bands of a method give exactly one grade for every score: no gap, no overlap, all reached.

Thresholds copied from method to method are how wrong colours are born: one public engine bands a 5×5 matrix
at 1-3/4-9/10-20/21-50/51+, so that its two worst classes can never be reached, and another leaves 319 < D ≤
320 empty.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from service.codes.rules.documents import Node, plain
from service.grading.rules.methods import Band

# A band together with the place in the document where it is written, for the message.
PlacedBand = tuple[Node, Band]


def check_line(bands: Sequence[PlacedBand]) -> None:
    """Note every gap, overlap and disorder between neighbouring bands, over the whole line of numbers.

    Checked on the line and not only on the scores of today's axes: otherwise a value added in the next
    version could fall between two bands that looked complete.
    """
    for node, band in bands:
        if band.low is None or band.high is None:
            continue
        if band.low > band.high or (band.low == band.high and not (band.low_closed and band.high_closed)):
            node.refuse("该区间为空", "this band is empty")
    for (_, worse), (node, milder) in pairwise(bands):
        _check_neighbours(worse, milder, node)


def _check_neighbours(worse: Band, milder: Band, node: Node) -> None:
    if milder.grade < worse.grade:
        node.refuse(
            f"顺序错误：{milder.grade.text.zh}应在{worse.grade.text.zh}之前（由重到轻）",
            f"wrong order: {milder.grade.word} belongs before {worse.grade.word}, from the worst grade down",
        )
        return  # what follows would only describe the disorder once more
    if worse.low is None:
        node.refuse("与前一区间重叠：前一区间没有下限", "overlaps the band before it, which has no lower end")
    elif milder.high is None:
        node.refuse("只有第一个区间可以没有上限", "only the first band may be without an upper end")
    elif milder.high < worse.low:
        low, high = plain(milder.high), plain(worse.low)
        node.refuse(f"与前一区间之间有空隙：{low} 至 {high}", f"a gap lies before it: {low} to {high}")
    elif milder.high > worse.low:
        low, high = plain(worse.low), plain(milder.high)
        node.refuse(f"与前一区间重叠：{low} 至 {high}", f"overlaps the band before it: {low} to {high}")
    elif worse.low_closed and milder.high_closed:
        node.refuse(
            f"分值 {plain(worse.low)} 属于两个区间", f"the score {plain(worse.low)} lies in two bands"
        )
    elif not worse.low_closed and not milder.high_closed:
        node.refuse(
            f"分值 {plain(worse.low)} 不属于任何区间", f"the score {plain(worse.low)} lies in no band"
        )


def check_reach(bands: Sequence[PlacedBand], scores: Sequence[Decimal], parent: Node) -> None:
    """Note every band that no score reaches, and every end of the line that no band covers.

    scores: all the method can reach, ascending. Call it only for bands whose line is sound.
    """
    for node, band in bands:
        if not any(band.contains(score) for score in scores):
            node.refuse("没有任何输入能达到该区间", "no input reaches this band")
    for score in (scores[0], scores[-1]):
        if not any(band.contains(score) for _, band in bands):
            parent.refuse(f"分值 {plain(score)} 不属于任何区间", f"the score {plain(score)} lies in no band")
