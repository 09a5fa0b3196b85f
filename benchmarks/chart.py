"""A picture of the shares: a line a kind of list, ours and NAIVE's, both axes logarithmic."""

from math import log10

from benchmarks import kinds

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 470, 24, 310
LOWEST = -5
# Colours that stand out on white and on black, for readers who tell red from green or not.
COLOURS = ["#3987c6", "#c2571a", "#5c9a3d", "#a259b5"]
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #444 }
.axis { stroke: #888; stroke-width: 1; stroke-opacity: .5 }
.line { fill: none; stroke-width: 2.5 }
.naive { stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""


def draw(results) -> str:
    from benchmarks.report import naive_share, share

    sizes = [result.size for result in results]
    parts = [*grid(sizes), *legend()]
    for kind, colour in zip(kinds.LISTS, COLOURS, strict=True):
        ours = [(r.size, share(r, kind)) for r in results]
        naive = [(r.size, naive_share(r, kind)) for r in results]
        parts += line(ours, sizes, colour, "line") + line(naive, sizes, colour, "line naive")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        "<title>Requests a second as a share of LIMIT</title>"
        f"<style>{STYLE}</style>{''.join(parts)}</svg>\n"
    )


def x(size: int, sizes: list[int]) -> float:
    first, last = log10(sizes[0]), log10(max(sizes[-1], sizes[0] * 10))
    return LEFT + (RIGHT - LEFT) * (log10(size) - first) / (last - first)


def y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (max(log10(share), LOWEST) - LOWEST) / -LOWEST


def grid(sizes):
    for power in range(LOWEST, 1):
        height = y(10**power)
        yield f'<line class="axis" x1="{LEFT}" x2="{RIGHT}" y1="{height:.0f}" y2="{height:.0f}"/>'
        yield f'<text x="{LEFT - 8}" y="{height + 4:.0f}" text-anchor="end">{10**power:g}</text>'
    for size in sizes:
        left = x(size, sizes)
        yield f'<text x="{left:.0f}" y="{BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
    middle = (LEFT + RIGHT) // 2
    yield f'<text x="{middle}" y="{BOTTOM + 42}" text-anchor="middle">projects</text>'
    yield f'<text x="{LEFT}" y="{TOP - 10}" text-anchor="middle">LIMIT = 1</text>'


def line(points, sizes, colour, name):
    known = [(x(size, sizes), y(share)) for size, share in points if share]
    if not known:
        return []
    path = " ".join(f"{left:.0f},{height:.0f}" for left, height in known)
    dots = "".join(f'<circle cx="{a:.0f}" cy="{b:.0f}" r="3.5" fill="{colour}"/>' for a, b in known)
    return [f'<polyline class="{name}" stroke="{colour}" points="{path}"/>{dots}']


def legend():
    entries = [
        (kind.label, colour, "line") for kind, colour in zip(kinds.LISTS, COLOURS, strict=True)
    ]
    entries.append(("the same by NAIVE", "#888", "line naive"))
    for n, (label, colour, name) in enumerate(entries):
        height = TOP + 20 + n * 24
        start = RIGHT + 20
        points = f"{start},{height} {start + 28},{height}"
        yield f'<polyline class="{name}" stroke="{colour}" points="{points}"/>'
        yield f'<text x="{start + 36}" y="{height + 4}">{label}</text>'
