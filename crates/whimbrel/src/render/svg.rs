//! The graph as a picture of its own: layers from the roots down, names in boxes, curves from
//! parents to children.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::migration::Graph;

/// The height of a box, and the space to the next layer.
const BOX: usize = 26;
const LAYER: usize = 58;
/// The width of a character of the font, and the space around a name.
const CHARACTER: usize = 8;
const AROUND: usize = 12;
/// The space between two boxes of a layer, and around the whole.
const GAP: usize = 24;
const MARGIN: usize = 16;
/// How often the order within the layers is bettered, there and back.
const SWEEPS: usize = 6;

/// A box of a layer, or the place where an edge passes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// A migration, by its place in the order.
    Node(usize),
    /// An edge from a parent to a child of a further layer.
    Pass(usize, usize),
}

/// The graph as SVG. What `remark` says of a migration stands behind its name.
///
/// A migration stands in the layer below the lowest of its parents; an edge that skips layers keeps
/// a place in each, so that none runs through a box. The same graph gives the same bytes.
pub fn svg(graph: &Graph, remark: impl Fn(&str) -> Option<String>) -> String {
    let labels: Vec<String> = graph
        .order()
        .map(|name| match remark(name) {
            Some(remark) => format!("{name} {remark}"),
            None => name.to_owned(),
        })
        .collect();
    let edges = edges(graph);
    let layers = ordered(layers(labels.len(), &edges), &edges);
    let centers = centers(&layers, &labels, &edges);
    let right = centers.iter().map(|(spot, center)| center + width(*spot, &labels) / 2).max();
    let (wide, high) = (
        right.unwrap_or(0) + MARGIN,
        (2 * MARGIN + BOX + LAYER * layers.len().saturating_sub(1)).max(2 * MARGIN),
    );
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
         viewBox=\"0 0 {wide} {high}\" font-family=\"monospace\" font-size=\"13\">\n  \
         <title>migrations</title>\n  <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    draw_edges(&mut text, &layers, &centers, &edges);
    for (layer, spots) in layers.iter().enumerate() {
        for spot in spots {
            let Spot::Node(node) = *spot else { continue };
            let (wide, top) = (width(*spot, &labels), MARGIN + LAYER * layer);
            let (center, middle) = (centers[spot], top + BOX / 2);
            let left = center - wide / 2;
            let label = escaped(&labels[node]);
            let _ = writeln!(
                text,
                "  <rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{BOX}\" rx=\"5\" \
                 fill=\"#eef2f7\" stroke=\"#4a5a70\"/>\n  <text x=\"{center}\" y=\"{middle}\" \
                 text-anchor=\"middle\" dominant-baseline=\"central\" fill=\"#1b2430\">{label}</text>"
            );
        }
    }
    text.push_str("</svg>\n");
    text
}

/// Parents and children by their places in the order.
fn edges(graph: &Graph) -> Vec<(usize, usize)> {
    let places: BTreeMap<&str, usize> =
        graph.order().enumerate().map(|(place, name)| (name, place)).collect();
    let of = |child| graph.parents(child).into_iter().map(move |parent| (parent, child));
    graph.order().flat_map(of).map(|(parent, child)| (places[parent], places[child])).collect()
}

/// The layers: boxes below all their parents, and the places where edges pass.
fn layers(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<Spot>> {
    let mut depth = vec![0; count];
    // Parents come first in the order, so theirs is known by then.
    for child in 0..count {
        let parents = edges.iter().filter(|it| it.1 == child);
        depth[child] = parents.map(|it| depth[it.0] + 1).max().unwrap_or(0);
    }
    let mut layers = vec![Vec::new(); depth.iter().max().map_or(0, |it| it + 1)];
    for (node, depth) in depth.iter().enumerate() {
        layers[*depth].push(Spot::Node(node));
    }
    for (parent, child) in edges {
        for layer in &mut layers[depth[*parent] + 1..depth[*child]] {
            layer.push(Spot::Pass(*parent, *child));
        }
    }
    layers
}

/// What a spot is joined with in the layer above (or below).
fn neighbours(spot: Spot, layer: &[Spot], edges: &[(usize, usize)], above: bool) -> Vec<usize> {
    let place = |wanted: Spot| layer.iter().position(|it| *it == wanted);
    let end = |(parent, child): (usize, usize)| {
        let node = if above { parent } else { child };
        place(Spot::Node(node)).or_else(|| place(Spot::Pass(parent, child)))
    };
    match spot {
        Spot::Pass(parent, child) => end((parent, child)).into_iter().collect(),
        Spot::Node(node) => {
            let own = edges.iter().filter(|it| if above { it.1 == node } else { it.0 == node });
            own.filter_map(|it| end(*it)).collect()
        }
    }
}

/// The layers with each spot near those that it is joined with: by the mean of their places, there
/// and back again, which keeps crossings few (the barycentre method of Sugiyama).
fn ordered(mut layers: Vec<Vec<Spot>>, edges: &[(usize, usize)]) -> Vec<Vec<Spot>> {
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let last = layers.len();
        let order: Vec<usize> =
            if down { (1..last).collect() } else { (0..last.saturating_sub(1)).rev().collect() };
        for at in order {
            let beside = layers[if down { at - 1 } else { at + 1 }].clone();
            let mut keyed: Vec<(usize, usize, Spot)> = layers[at]
                .iter()
                .enumerate()
                .map(|(place, spot)| {
                    let near = neighbours(*spot, &beside, edges, down);
                    // In thousandths, as whole numbers are the same everywhere.
                    let mean = match near.len() {
                        0 => place * 1000,
                        count => near.iter().sum::<usize>() * 1000 / count,
                    };
                    (mean, place, *spot)
                })
                .collect();
            keyed.sort_unstable();
            layers[at] = keyed.into_iter().map(|it| it.2).collect();
        }
    }
    layers
}

fn width(spot: Spot, labels: &[String]) -> usize {
    match spot {
        Spot::Node(node) => labels[node].chars().count() * CHARACTER + 2 * AROUND,
        Spot::Pass(..) => 2,
    }
}

/// The middles of the spots: below their parents where there is room, else side by side.
fn centers(
    layers: &[Vec<Spot>],
    labels: &[String],
    edges: &[(usize, usize)],
) -> BTreeMap<Spot, usize> {
    let mut found: BTreeMap<Spot, usize> = BTreeMap::new();
    // A place through which an edge passes is one spot in each of its layers.
    let mut by_layer: Vec<Vec<usize>> = Vec::new();
    for (at, spots) in layers.iter().enumerate() {
        let mut left = MARGIN;
        let mut middles = Vec::with_capacity(spots.len());
        for spot in spots {
            let wide = width(*spot, labels);
            let near = match at.checked_sub(1) {
                Some(above) => neighbours(*spot, &layers[above], edges, true)
                    .into_iter()
                    .map(|it| by_layer[above][it])
                    .collect(),
                None => Vec::new(),
            };
            let wanted = near.iter().sum::<usize>().checked_div(near.len()).unwrap_or(0);
            let middle = wanted.max(left + wide / 2);
            left = middle + wide / 2 + GAP;
            middles.push(middle);
            found.insert(*spot, middle);
        }
        by_layer.push(middles);
    }
    found
}

/// A curve for each edge, by the places where it passes.
fn draw_edges(
    text: &mut String,
    layers: &[Vec<Spot>],
    centers: &BTreeMap<Spot, usize>,
    edges: &[(usize, usize)],
) {
    let layer_of = |spot: Spot| layers.iter().position(|it| it.contains(&spot)).unwrap_or(0);
    for (parent, child) in edges {
        let (first, last) = (layer_of(Spot::Node(*parent)), layer_of(Spot::Node(*child)));
        let start = centers[&Spot::Node(*parent)];
        let mut path = format!("M{start} {}", MARGIN + LAYER * first + BOX);
        let mut from = (start, MARGIN + LAYER * first + BOX);
        for layer in first + 1..=last {
            let spot = if layer == last { Spot::Node(*child) } else { Spot::Pass(*parent, *child) };
            let to = (centers[&spot], MARGIN + LAYER * layer);
            let half = usize::midpoint(from.1, to.1);
            let _ = write!(path, " C{} {half} {} {half} {} {}", from.0, to.0, to.0, to.1);
            from = to;
            if layer < last {
                // Straight past the boxes of the layer.
                from.1 += BOX;
                let _ = write!(path, " V{}", from.1);
            }
        }
        let _ = writeln!(text, "  <path d=\"{path}\" fill=\"none\" stroke=\"#8494aa\"/>");
    }
}

/// A text that is neither markup nor what XML can't hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            it if it.is_control() => escaped.push('\u{fffd}'),
            it => escaped.push(it),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Node, Parent};

    fn graph(nodes: &[(String, Vec<String>)]) -> Graph {
        let parent = |it: &String| Parent { name: it.clone(), span: None };
        let node = |(name, parents): &(String, Vec<String>)| Node {
            name: name.clone(),
            parents: parents.iter().map(parent).collect(),
            span: None,
        };
        Graph::new(nodes.iter().map(node).collect()).0
    }

    fn of(nodes: &[(&str, &[&str])]) -> Graph {
        let owned = |(name, parents): &(&str, &[&str])| {
            ((*name).to_owned(), parents.iter().map(|it| (*it).to_owned()).collect())
        };
        graph(&nodes.iter().map(owned).collect::<Vec<_>>())
    }

    /// The boxes: left, top, width.
    fn boxes(svg: &str) -> Vec<[usize; 3]> {
        let number = |line: &str, name: &str| -> Option<usize> {
            line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse().ok()
        };
        let rows = svg.lines().filter(|it| it.contains("rx="));
        rows.filter_map(|it| Some([number(it, "x")?, number(it, "y")?, number(it, "width")?]))
            .collect()
    }

    #[test]
    fn a_branch_stands_side_by_side_between_where_it_parts_and_meets() {
        let drawn =
            svg(&of(&[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["2", "3"])]), |_| None);
        let tops: Vec<usize> = boxes(&drawn).iter().map(|it| it[1]).collect();
        assert_eq!(tops, [16, 74, 74, 132]);
        assert_eq!(drawn.matches("<path ").count(), 4);
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n"));
    }

    #[test]
    fn an_edge_that_skips_layers_has_a_place_in_each() {
        let drawn =
            svg(&of(&[("1", &[]), ("2", &["1"]), ("3", &["2"]), ("4", &["3", "1"])]), |_| None);
        assert_eq!(drawn.matches(" V").count(), 2, "{drawn}");
    }

    #[test]
    fn any_name_can_be_drawn() {
        let drawn = svg(&of(&[("1 <a href=\"x\"> & \u{1b}", &[])]), |_| Some("</text>".to_owned()));
        assert!(
            drawn.contains("1 &lt;a href=&quot;x&quot;&gt; &amp; \u{fffd} &lt;/text&gt;</text>")
        );
        assert!(svg(&of(&[]), |_| None).ends_with("</svg>\n"));
    }

    /// Two hundred migrations with a branch at every fifth.
    #[test]
    fn a_long_history_has_no_boxes_over_one_another_and_comes_out_the_same() {
        let name = |it: usize| format!("{it:04}_migration");
        let nodes: Vec<(String, Vec<String>)> = (0..200)
            .map(|it| {
                let parents = match (it, it % 5) {
                    (0, _) => vec![],
                    (it, 0) => vec![name(it - 1), name(it - 2)],
                    (it, 4) => vec![name(it - 2)],
                    (it, _) => vec![name(it - 1)],
                };
                (name(it), parents)
            })
            .collect();
        let drawn = svg(&graph(&nodes), |_| None);
        let boxes = boxes(&drawn);
        assert_eq!(boxes.len(), 200);
        for (at, one) in boxes.iter().enumerate() {
            for other in &boxes[at + 1..] {
                let apart = one[1] != other[1]
                    || one[0] + one[2] <= other[0]
                    || other[0] + other[2] <= one[0];
                assert!(apart, "{one:?} {other:?}");
            }
        }
        let mut turned = nodes;
        turned.reverse();
        assert_eq!(svg(&graph(&turned), |_| None), drawn);
    }
}
