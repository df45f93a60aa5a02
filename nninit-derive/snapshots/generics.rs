use nninit::Initialize;

#[derive(Initialize)]
struct Stack<'a, T: Clone, F, const N: usize>
where
    F: Send,
{
    layers: [T; N],
    #[init(weight(zeros))]
    head: T,
    next: Option<Box<Stack<'a, T, F, N>>>,
    #[init(skip)]
    activation: F,
    name: &'a str,
}

#[derive(Initialize)]
#[init(bound = "M::Layer: Initialize", recipe = recipe(self.depth)?)]
struct Bounded<M: Model>(M::Layer);
