//! A layered layout: each box below those that it takes something from, few crossings, and arrows that never run
//! through a box because each has a lane of its own in every layer that it passes.

/// How far apart things are.
const BOX_GAP: f64 = 36.0;
const LANE_GAP: f64 = 22.0;
const LANE_WIDTH: f64 = 8.0;
const LAYER_GAP: f64 = 52.0;
/// How wide a layer may get before the next one takes over.
const LAYER_WIDTH: f64 = 1080.0;
/// How often the order within layers and the places are improved.
const SWEEPS: usize = 12;

/// A box to place.
pub(super) struct Block {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether the build needs it.
    pub(super) is_used: bool,
}

/// Where everything is.
pub(super) struct Layout {
    /// The upper left corner of each box.
    pub(super) corners: Vec<(f64, f64)>,
    /// For each edge the points that it runs through: pairs of them are the ends of straight pieces, with curves
    /// between the pairs.
    pub(super) routes: Vec<Vec<(f64, f64)>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A box or a lane.
struct Item {
    layer: usize,
    width: f64,
    /// The items of the layer above and of the layer below that it is connected to.
    above: Vec<usize>,
    below: Vec<usize>,
    center: f64,
}

/// Places boxes. An edge whose first end is the later box is laid the other way round.
pub(super) fn layout(boxes: &[Block], edges: &[(usize, usize)]) -> Layout {
    let edges: Vec<(usize, usize)> = edges.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
    let layers = layers(boxes, &edges);
    let mut items: Vec<Item> = boxes
        .iter()
        .zip(&layers)
        .map(|(of, &layer)| Item { layer, width: of.width, above: vec![], below: vec![], center: 0.0 })
        .collect();
    let chains: Vec<Vec<usize>> = edges.iter().map(|&edge| chain(&mut items, edge)).collect();
    let mut rows = rows(&items);
    order(&items, &mut rows);
    place(&mut items, &rows);
    geometry(boxes, &items, &rows, &chains)
}

/// The layer of each box: below everything that it takes something from, and close to what takes from it. A layer that
/// is full passes boxes on to the next one; what the build needs chooses first.
fn layers(boxes: &[Block], edges: &[(usize, usize)]) -> Vec<usize> {
    let below = |index: usize| edges.iter().filter(move |edge| edge.0 == index).map(|edge| edge.1);
    let is_first = |index: usize| !edges.iter().any(|edge| edge.1 == index);
    // What nothing leads to waits until it is known where it is needed.
    let waits = |index: usize| is_first(index) && below(index).next().is_some();
    let first_layer = usize::from((0..boxes.len()).any(waits));
    let mut filled = Filled { widths: Vec::new(), layers: vec![0; boxes.len()] };
    for is_used in [true, false] {
        let now: Vec<usize> = (0..boxes.len()).filter(|&index| boxes[index].is_used == is_used).collect();
        for index in now.iter().copied().filter(|&index| !waits(index)) {
            let above = edges.iter().filter(|edge| edge.1 == index).map(|edge| filled.layers[edge.0] + 1);
            let lowest = above.max().map_or(0, |above| above.max(first_layer));
            filled.put(index, boxes[index].width, lowest..);
        }
        for index in now.iter().rev().copied().filter(|&index| waits(index)) {
            let needed = below(index).filter(|&other| boxes[other].is_used == is_used);
            let nearest = needed.map(|other| filled.layers[other]).min().unwrap_or(first_layer);
            filled.put(index, boxes[index].width, (0..nearest).rev());
        }
    }
    filled.layers
}

/// Which layers boxes were put into, and how full those are.
struct Filled {
    widths: Vec<f64>,
    layers: Vec<usize>,
}

impl Filled {
    /// Puts a box into the first of the layers that has room, or else into the last one that was offered.
    fn put(&mut self, index: usize, width: f64, candidates: impl Iterator<Item = usize>) {
        let mut chosen = 0;
        for layer in candidates {
            self.widths.resize(self.widths.len().max(layer + 1), 0.0);
            chosen = layer;
            if self.widths[layer] == 0.0 || self.widths[layer] + width <= LAYER_WIDTH {
                break;
            }
        }
        self.widths.resize(self.widths.len().max(chosen + 1), 0.0);
        self.widths[chosen] += width + BOX_GAP;
        self.layers[index] = chosen;
    }
}

/// The items that an edge runs through, lanes added where it passes layers.
fn chain(items: &mut Vec<Item>, (from, to): (usize, usize)) -> Vec<usize> {
    let mut chain = vec![from];
    for layer in items[from].layer + 1..items[to].layer {
        chain.push(items.len());
        items.push(Item { layer, width: LANE_WIDTH, above: vec![], below: vec![], center: 0.0 });
    }
    chain.push(to);
    for pair in chain.windows(2) {
        items[pair[0]].below.push(pair[1]);
        items[pair[1]].above.push(pair[0]);
    }
    chain
}

/// The items of each layer.
fn rows(items: &[Item]) -> Vec<Vec<usize>> {
    let depth = items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
    (0..depth).map(|layer| (0..items.len()).filter(|&item| items[item].layer == layer).collect()).collect()
}

/// Orders the items of each layer so that few edges cross.
fn order(items: &[Item], rows: &mut Vec<Vec<usize>>) {
    let mut best = rows.clone();
    let mut fewest = crossings(items, rows);
    for sweep in 0..SWEEPS {
        let depth = rows.len();
        let downwards = sweep % 2 == 0;
        for step in 1..depth {
            let layer = if downwards { step } else { depth - 1 - step };
            let fixed = if downwards { layer - 1 } else { layer + 1 };
            let mut places = vec![0.0; items.len()];
            for (place, &item) in (0_u32..).zip(&rows[fixed]) {
                places[item] = f64::from(place);
            }
            let own: Vec<(usize, f64)> = (0_u32..)
                .zip(&rows[layer])
                .map(|(place, &item)| {
                    let neighbours = if downwards { &items[item].above } else { &items[item].below };
                    (item, mean(neighbours.iter().map(|&other| places[other])).unwrap_or(f64::from(place)))
                })
                .collect();
            let mut own = own;
            own.sort_by(|a, b| a.1.total_cmp(&b.1));
            rows[layer] = own.into_iter().map(|(item, _)| item).collect();
        }
        let now = crossings(items, rows);
        if now < fewest {
            fewest = now;
            best.clone_from(rows);
        }
    }
    *rows = best;
}

/// How many edges cross.
fn crossings(items: &[Item], rows: &[Vec<usize>]) -> usize {
    let mut places = vec![0; items.len()];
    for row in rows {
        for (place, &item) in row.iter().enumerate() {
            places[item] = place;
        }
    }
    let mut number = 0;
    for row in rows {
        let ends: Vec<(usize, usize)> = row
            .iter()
            .flat_map(|&item| items[item].below.iter().map(move |&other| (item, other)))
            .map(|(item, other)| (places[item], places[other]))
            .collect();
        for (index, a) in ends.iter().enumerate() {
            number += ends[index + 1..]
                .iter()
                .filter(|b| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1))
                .count();
        }
    }
    number
}

/// Places the items of each layer beside each other, as near as possible to what they are connected to.
fn place(items: &mut [Item], rows: &[Vec<usize>]) {
    for row in rows {
        settle(items, row, |_| None);
    }
    for sweep in 0..2 * SWEEPS {
        let last = sweep + 2 >= 2 * SWEEPS;
        let downwards = sweep % 2 == 0;
        let mut order: Vec<&Vec<usize>> = rows.iter().collect();
        if !downwards {
            order.reverse();
        }
        for row in order {
            settle(items, row, |items_and_item: (&[Item], usize)| {
                let (items, item) = items_and_item;
                let (above, below) = (&items[item].above, &items[item].below);
                let near: Vec<usize> = match (last, downwards) {
                    (true, _) => above.iter().chain(below).copied().collect(),
                    (false, true) => above.clone(),
                    (false, false) => below.clone(),
                };
                mean(near.iter().map(|&other| items[other].center))
            });
        }
    }
}

/// Moves the items of a row to where they want to be, as far as their order and their widths allow: the least sum of
/// squared distances, found by pooling neighbours that are in each other's way.
fn settle(items: &mut [Item], row: &[usize], wish: impl Fn((&[Item], usize)) -> Option<f64>) {
    struct Pool {
        sum: f64,
        weight: f64,
        members: usize,
    }
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (index, &item) in row.iter().enumerate() {
        if index > 0 {
            let before = &items[row[index - 1]];
            offset += f64::midpoint(before.width, items[item].width) + gap(before, &items[item]);
        }
        offsets.push(offset);
    }
    let mut pools: Vec<Pool> = Vec::new();
    for (&item, offset) in row.iter().zip(&offsets) {
        let wanted = wish((items, item));
        // What has no wish stays where it is unless others push it.
        let weight = if wanted.is_none() { 0.05 } else { 1.0 };
        let place = wanted.unwrap_or(items[item].center) - offset;
        pools.push(Pool { sum: place * weight, weight, members: 1 });
        while let [.., a, b] = &pools[..] {
            if a.sum / a.weight <= b.sum / b.weight {
                break;
            }
            let joined =
                Pool { sum: a.sum + b.sum, weight: a.weight + b.weight, members: a.members + b.members };
            pools.truncate(pools.len() - 2);
            pools.push(joined);
        }
    }
    let places = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.sum / pool.weight, pool.members));
    let places: Vec<f64> = places.zip(&offsets).map(|(place, offset)| place + offset).collect();
    for (&item, place) in row.iter().zip(places) {
        items[item].center = place;
    }
}

fn gap(a: &Item, b: &Item) -> f64 {
    if a.width <= LANE_WIDTH || b.width <= LANE_WIDTH { LANE_GAP } else { BOX_GAP }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, number) = values.fold((0.0, 0.0), |(sum, number), value| (sum + value, number + 1.0));
    (number > 0.0).then_some(sum / number)
}

fn geometry(boxes: &[Block], items: &[Item], rows: &[Vec<usize>], chains: &[Vec<usize>]) -> Layout {
    let height_of = |item: usize| boxes.get(item).map_or(0.0, |of| of.height);
    let left = items.iter().map(|item| item.center - item.width / 2.0).fold(f64::INFINITY, f64::min);
    let right = items.iter().map(|item| item.center + item.width / 2.0).fold(f64::NEG_INFINITY, f64::max);
    let mut tops = Vec::with_capacity(rows.len());
    let mut bottoms = Vec::with_capacity(rows.len());
    let mut y = 0.0;
    for row in rows {
        tops.push(y);
        y += row.iter().map(|&item| height_of(item)).fold(0.0, f64::max);
        bottoms.push(y);
        y += LAYER_GAP;
    }
    let x = |item: usize| items[item].center - left;
    let corners = boxes
        .iter()
        .enumerate()
        .map(|(item, of)| (x(item) - of.width / 2.0, tops[items[item].layer]))
        .collect();
    let routes = chains.iter().enumerate().map(|(edge, chain)| {
        let (from, to) = (chain[0], chain[chain.len() - 1]);
        let start = x(from) + port(edge, from, chains, items, true);
        let end = x(to) + port(edge, to, chains, items, false);
        let from_layer = items[from].layer;
        let mut route = vec![(start, tops[from_layer] + height_of(from)), (start, bottoms[from_layer])];
        for &lane in &chain[1..chain.len() - 1] {
            let layer = items[lane].layer;
            route.extend([(x(lane), tops[layer]), (x(lane), bottoms[layer])]);
        }
        route.push((end, tops[items[to].layer]));
        route
    });
    let routes = routes.collect();
    Layout { corners, routes, width: (right - left).max(0.0), height: (y - LAYER_GAP).max(0.0) }
}

/// How far from the middle of a box an edge leaves or enters it: side by side, in the order of their other ends.
fn port(edge: usize, item: usize, chains: &[Vec<usize>], items: &[Item], leaves: bool) -> f64 {
    let next = |chain: &[usize]| if leaves { chain[1] } else { chain[chain.len() - 2] };
    let at_item = |chain: &[usize]| if leaves { chain[0] == item } else { chain[chain.len() - 1] == item };
    let mut here: Vec<usize> = (0..chains.len()).filter(|&other| at_item(&chains[other])).collect();
    here.sort_by(|&a, &b| {
        let center = |edge: usize| items[next(&chains[edge])].center;
        center(a).total_cmp(&center(b)).then(a.cmp(&b))
    });
    let count = f64::from(u32::try_from(here.len()).unwrap_or(u32::MAX));
    let index = here.iter().position(|&other| other == edge).unwrap_or(0);
    let index = f64::from(u32::try_from(index).unwrap_or(u32::MAX));
    let step = (items[item].width * 0.7 / count).min(26.0);
    (index - (count - 1.0) / 2.0) * step
}
