//! Circles among arrows: strongly connected components of more than one node, by Tarjan's algorithm.

use std::collections::{BTreeMap, BTreeSet};

/// Nodes by what they point to.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn of(graph: &Graph) -> Vec<Vec<String>> {
    let mut search = Search::new(graph);
    for node in graph.keys() {
        if !search.index.contains_key(node.as_str()) {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'g> {
    graph: &'g Graph,
    index: BTreeMap<&'g str, usize>,
    low: BTreeMap<&'g str, usize>,
    stack: Vec<&'g str>,
    found: Vec<Vec<String>>,
}

impl<'g> Search<'g> {
    fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            index: BTreeMap::new(),
            low: BTreeMap::new(),
            stack: vec![],
            found: vec![],
        }
    }

    fn visit(&mut self, node: &'g str) {
        let number = self.index.len();
        self.index.insert(node, number);
        self.low.insert(node, number);
        self.stack.push(node);
        for next in self.graph.get(node).into_iter().flatten() {
            if !self.index.contains_key(next.as_str()) {
                self.visit(next);
                self.lower(node, self.low[next.as_str()]);
            } else if self.stack.contains(&next.as_str()) {
                self.lower(node, self.index[next.as_str()]);
            }
        }
        if self.low[node] == number {
            let from = self
                .stack
                .iter()
                .position(|other| *other == node)
                .unwrap_or_default();
            let mut circle = self.stack.split_off(from);
            circle.sort_unstable();
            if circle.len() > 1 {
                self.found
                    .push(circle.into_iter().map(str::to_owned).collect());
            }
        }
    }

    fn lower(&mut self, node: &'g str, to: usize) {
        let low = self.low.entry(node).or_insert(to);
        *low = to.min(*low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_back_is_a_circle() {
        let arrows = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "a")];
        let mut graph = Graph::new();
        for (from, to) in arrows {
            graph
                .entry(from.to_owned())
                .or_default()
                .insert(to.to_owned());
            graph.entry(to.to_owned()).or_default();
        }
        assert_eq!(of(&graph), [["b", "c"]]);
    }
}
