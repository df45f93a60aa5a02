//! An embedding with a row for padding, which stays at zero.

use super::*;

#[derive(Initialize)]
struct TextClassifier {
    #[init(normal, std = 0.1)]
    #[init(zeros, at = self.padding)]
    words: nn::Embedding,
    /// As PyTorch has it, but for the row: the part's default comes first.
    #[init(weight(zeros, at = self.padding))]
    tags: nn::Embedding,
    classes: nn::Linear,
    padding: i64,
}

impl TextClassifier {
    fn new(path: &nn::Path<'_>) -> Self {
        let embedding = |name: &str, rows| {
            let config = nn::EmbeddingConfig {
                padding_idx: 0,
                ..Default::default()
            };
            nn::embedding(path / name, rows, 16, config)
        };
        Self {
            words: embedding("words", 100),
            tags: embedding("tags", 10),
            classes: nn::linear(path / "classes", 16, 4, nn::LinearConfig::default()),
            padding: 0,
        }
    }
}

#[test]
fn embedding_with_a_padding_row() {
    check(
        TextClassifier::new,
        "
        words.weight [100, 16] normal(std = 0.1): N(0, 0.1²)
        then zeros, at = 0: constant 0
        tags.weight [10, 16] normal: N(0, 1²)
        then zeros, at = 0: constant 0
        classes.weight [4, 16] kaiming_uniform(a = 2.23606797749979): U(-0.25, 0.25)
        classes.bias [4] uniform within 1/√fan_in: U(-0.25, 0.25)
        ",
    );
    let vs = nn::VarStore::new(Device::Cpu);
    let mut model = TextClassifier::new(&vs.root());
    model.init(&mut Seed(42));
    for table in [&model.words.ws, &model.tags.ws] {
        let rows = table.size()[0];
        assert_eq!(table.get(0).count_nonzero(None).int64_value(&[]), 0);
        assert_eq!(
            table.narrow(0, 1, rows - 1).eq(0.0).any().int64_value(&[]),
            0
        );
    }
}
