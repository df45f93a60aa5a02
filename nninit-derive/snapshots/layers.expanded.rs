const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfBlock {
            pub conv: (),
            pub norm: (),
            pub mlp: (),
            pub rnn: (),
            pub hidden: (),
        }
    }
    const __NNINIT_0: __nninit::About = __nninit::About {
        walks: __nninit::Is::<nn::Conv2D>::__NNINIT_WALKS,
        parts: __nninit::Is::<nn::Conv2D>::__NNINIT_PARTS,
        refused: __nninit::Is::<nn::Conv2D>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<nn::Conv2D>(),
        shared: __nninit::Is::<nn::Conv2D>::__NNINIT_SHARED,
        plain: __nninit::Is::<nn::Conv2D>::__NNINIT_PLAIN,
    };
    const __NNINIT_1: __nninit::About = __nninit::About {
        walks: __nninit::Is::<nn::BatchNorm>::__NNINIT_WALKS,
        parts: __nninit::Is::<nn::BatchNorm>::__NNINIT_PARTS,
        refused: __nninit::Is::<nn::BatchNorm>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<nn::BatchNorm>(),
        shared: __nninit::Is::<nn::BatchNorm>::__NNINIT_SHARED,
        plain: __nninit::Is::<nn::BatchNorm>::__NNINIT_PLAIN,
    };
    const __NNINIT_2: __nninit::About = __nninit::About {
        walks: __nninit::Is::<Option<Mlp>>::__NNINIT_WALKS,
        parts: __nninit::Is::<Option<Mlp>>::__NNINIT_PARTS,
        refused: __nninit::Is::<Option<Mlp>>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<Option<Mlp>>(),
        shared: __nninit::Is::<Option<Mlp>>::__NNINIT_SHARED,
        plain: __nninit::Is::<Option<Mlp>>::__NNINIT_PLAIN,
    };
    const __NNINIT_3: __nninit::About = __nninit::About {
        walks: __nninit::Is::<i64>::__NNINIT_WALKS,
        parts: __nninit::Is::<i64>::__NNINIT_PARTS,
        refused: __nninit::Is::<i64>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<i64>(),
        shared: __nninit::Is::<i64>::__NNINIT_SHARED,
        plain: __nninit::Is::<i64>::__NNINIT_PLAIN,
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Conv2D,
                { __NNINIT_0.is_bare() },
            > as __nninit::HasParts>::Then<
                __nninit::Annotated<
                    nn::Conv2D,
                    { __NNINIT_0.hides_weights() },
                    { __NNINIT_0.is_store() },
                    { __NNINIT_0.is_locked() },
                    { __NNINIT_0.is_unmanaged() },
                    { __NNINIT_0.is_empty() },
                    { __NNINIT_0.takes_nothing() },
                >,
            >|
        { __nninit::fans(&__nninit_fields.weight) };
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Conv2D,
                { __NNINIT_0.holds_nothing_at("weight") },
            > as __nninit::HoldsThere>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Conv2D,
                { __NNINIT_0.is_bare() },
            > as __nninit::HasParts>::Then<
                __nninit::Annotated<
                    nn::Conv2D,
                    { __NNINIT_0.hides_weights() },
                    { __NNINIT_0.is_store() },
                    { __NNINIT_0.is_locked() },
                    { __NNINIT_0.is_unmanaged() },
                    { __NNINIT_0.is_empty() },
                    { __NNINIT_0.takes_nothing() },
                >,
            >|
        {
            let _ = &__nninit_fields.bias;
        };
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Conv2D,
                { __NNINIT_0.holds_nothing_at("bias") },
            > as __nninit::HoldsThere>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                nn::BatchNorm,
                { __NNINIT_1.hides_weights() },
                { __NNINIT_1.is_store() },
                { __NNINIT_1.is_locked() },
                { __NNINIT_1.is_unmanaged() },
                { __NNINIT_1.says_nothing() },
            >|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::BatchNorm,
                { __NNINIT_1.is_unseen() },
            > as __nninit::Derived<nn::BatchNorm>>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                Option<Mlp>,
                { __NNINIT_2.is_bare() },
            > as __nninit::HasParts>::Then<
                __nninit::Annotated<
                    Option<Mlp>,
                    { __NNINIT_2.hides_weights() },
                    { __NNINIT_2.is_store() },
                    { __NNINIT_2.is_locked() },
                    { __NNINIT_2.is_unmanaged() },
                    { __NNINIT_2.is_empty() },
                    { __NNINIT_2.takes_nothing() },
                >,
            >|
        {
            let _ = &__nninit_fields.fc2;
        };
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                Option<Mlp>,
                { __NNINIT_2.holds_nothing_at("fc2") },
            > as __nninit::HoldsThere>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                i64,
                { __NNINIT_3.hides_weights() },
                { __NNINIT_3.is_store() },
                { __NNINIT_3.is_locked() },
                { __NNINIT_3.is_unmanaged() },
                { __NNINIT_3.says_nothing() },
            >|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                i64,
                { __NNINIT_3.is_unseen() },
            > as __nninit::Derived<i64>>::Then<()>|
        {};
    };
    #[automatically_derived]
    impl __nninit::Initialize for Block {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit::Is::<
                nn::Conv2D,
            >::__nninit_field(
                __nninit_at,
                "conv",
                &self.conv,
                __nninit::Spec::new()
                    .part(
                        "weight",
                        __nninit::Spec::new()
                            .step(
                                __nninit::FallibleStep::scheme(
                                    "kaiming_normal(mode = \"fan_out\", nonlinearity = \"relu\")",
                                    || __nninit::Ok(
                                        __nninit::schemes::kaiming_normal()
                                            .mode(__nninit::FanMode::FanOut)
                                            .nonlinearity(__nninit::Nonlinearity::Relu),
                                    ),
                                ),
                            ),
                    )
                    .part(
                        "bias",
                        __nninit::Spec::new()
                            .step(
                                __nninit::FallibleStep::scheme(
                                    "zeros",
                                    || __nninit::Ok(__nninit::schemes::zeros()),
                                ),
                            ),
                    ),
            );
            __nninit::Is::<
                nn::BatchNorm,
            >::__nninit_walk(__nninit_at, "norm", &self.norm);
            __nninit::Is::<
                Option<Mlp>,
            >::__nninit_field(
                __nninit_at,
                "mlp",
                &self.mlp,
                __nninit::with_stream(
                    __nninit::Spec::new()
                        .part(
                            "fc2",
                            __nninit::Spec::new()
                                .part(
                                    "weight",
                                    __nninit::Spec::new()
                                        .step(
                                            __nninit::FallibleStep::scheme(
                                                "normal(std = 0.01)",
                                                || __nninit::Ok(__nninit::schemes::normal().std(0.01)),
                                            ),
                                        ),
                                ),
                        ),
                    || __nninit::Ok("old"),
                ),
            );
            __nninit::Is::<nn::LSTM>::__nninit_skip(__nninit_at, "rnn", &self.rnn);
            __nninit::Is::<i64>::__nninit_walk(__nninit_at, "hidden", &self.hidden);
        }
        fn __check(
            __nninit_spec: &__nninit::Spec,
            __nninit_names: &mut __nninit::Names<'_>,
        ) {
            <Self as __nninit::Declare>::check(__nninit_spec, __nninit_names);
        }
        fn __layers(__nninit_layers: &mut __nninit::Layers) {
            <Self as __nninit::Declare>::layers(__nninit_layers);
        }
    }
    #[automatically_derived]
    impl __nninit::Declare for Block {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[
                ("conv", true),
                ("norm", __nninit::Is::<nn::BatchNorm>::__NNINIT_HOLDS),
                ("mlp", true),
                ("rnn", __nninit::Is::<nn::LSTM>::__NNINIT_HOLDS),
                ("hidden", __nninit::Is::<i64>::__NNINIT_HOLDS),
            ];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Block`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfBlock;
        fn declare(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit::Initialize::describe(self, __nninit_at);
        }
        fn check(
            __nninit_spec: &__nninit::Spec,
            __nninit_names: &mut __nninit::Names<'_>,
        ) {
            __nninit_names
                .parts(
                    __nninit_spec,
                    <Self as __nninit::Declare>::PARTS,
                    |__nninit_name, __nninit_spec, __nninit_names| match __nninit_name {
                        "conv" => {
                            __nninit::Is::<
                                nn::Conv2D,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "norm" => {
                            __nninit::Is::<
                                nn::BatchNorm,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "mlp" => {
                            __nninit::Is::<
                                Option<Mlp>,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "rnn" => {
                            __nninit::Is::<
                                nn::LSTM,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "hidden" => {
                            __nninit::Is::<
                                i64,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        _ => {}
                    },
                );
        }
        fn layers(__nninit_layers: &mut __nninit::Layers) {
            __nninit_layers
                .field(
                    __nninit::Is::<nn::Conv2D>::__NNINIT_HOLDS,
                    __nninit::Is::<nn::Conv2D>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<nn::Conv2D>(),
                    __nninit::Is::<nn::Conv2D>::__nninit_layers,
                    __nninit::Is::<nn::Conv2D>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<nn::BatchNorm>::__NNINIT_HOLDS,
                    __nninit::Is::<nn::BatchNorm>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<nn::BatchNorm>(),
                    __nninit::Is::<nn::BatchNorm>::__nninit_layers,
                    __nninit::Is::<nn::BatchNorm>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<Option<Mlp>>::__NNINIT_HOLDS,
                    __nninit::Is::<Option<Mlp>>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<Option<Mlp>>(),
                    __nninit::Is::<Option<Mlp>>::__nninit_layers,
                    __nninit::Is::<Option<Mlp>>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<nn::LSTM>::__NNINIT_HOLDS,
                    __nninit::Is::<nn::LSTM>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<nn::LSTM>(),
                    __nninit::Is::<nn::LSTM>::__nninit_layers,
                    __nninit::Is::<nn::LSTM>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<i64>::__NNINIT_HOLDS,
                    __nninit::Is::<i64>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<i64>(),
                    __nninit::Is::<i64>::__nninit_layers,
                    __nninit::Is::<i64>::__nninit_described,
                );
        }
    }
};
