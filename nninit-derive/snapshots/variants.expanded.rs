const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfNorm {
            pub gamma: (),
            pub start: (),
        }
        pub struct Numbered(pub ());
    }
    impl __nninit::Deref for __nninit_fields::FieldsOfNorm {
        type Target = __nninit_fields::Numbered;
        fn deref(&self) -> &Self::Target {
            &__nninit_fields::Numbered(())
        }
    }
    const __NNINIT_0: __nninit::About = __nninit::About {
        walks: __nninit::Is::<Tensor>::__NNINIT_WALKS,
        parts: __nninit::Is::<Tensor>::__NNINIT_PARTS,
        refused: __nninit::Is::<Tensor>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<Tensor>(),
        shared: __nninit::Is::<Tensor>::__NNINIT_SHARED,
        plain: __nninit::Is::<Tensor>::__NNINIT_PLAIN,
    };
    const __NNINIT_1: __nninit::About = __nninit::About {
        walks: __nninit::Is::<f64>::__NNINIT_WALKS,
        parts: __nninit::Is::<f64>::__NNINIT_PARTS,
        refused: __nninit::Is::<f64>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<f64>(),
        shared: __nninit::Is::<f64>::__NNINIT_SHARED,
        plain: __nninit::Is::<f64>::__NNINIT_PLAIN,
    };
    const __NNINIT_2: __nninit::About = __nninit::About {
        walks: __nninit::Is::<nn::BatchNorm>::__NNINIT_WALKS,
        parts: __nninit::Is::<nn::BatchNorm>::__NNINIT_PARTS,
        refused: __nninit::Is::<nn::BatchNorm>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<nn::BatchNorm>(),
        shared: __nninit::Is::<nn::BatchNorm>::__NNINIT_SHARED,
        plain: __nninit::Is::<nn::BatchNorm>::__NNINIT_PLAIN,
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Annotated<
                Tensor,
                { __NNINIT_0.hides_weights() },
                { __NNINIT_0.is_store() },
                { __NNINIT_0.is_locked() },
                { __NNINIT_0.is_unmanaged() },
                { __NNINIT_0.is_empty() },
                { __NNINIT_0.takes_nothing() },
            >|
        {};
    };
    const _: () = __nninit::scheme(&__NNINIT_0);
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                f64,
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
                f64,
                { __NNINIT_1.is_unseen() },
            > as __nninit::Derived<f64>>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                nn::BatchNorm,
                { __NNINIT_2.hides_weights() },
                { __NNINIT_2.is_store() },
                { __NNINIT_2.is_locked() },
                { __NNINIT_2.is_unmanaged() },
                { __NNINIT_2.says_nothing() },
            >|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::BatchNorm,
                { __NNINIT_2.is_unseen() },
            > as __nninit::Derived<nn::BatchNorm>>::Then<()>|
        {};
    };
    #[automatically_derived]
    impl __nninit::Initialize for Norm {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            match self {
                Self::Layer { gamma: __nninit_0, start: __nninit_1 } => {
                    use __nninit::whole as start;
                    let start = __nninit_1;
                    let _ = start;
                    __nninit::Is::<
                        Tensor,
                    >::__nninit_field(
                        __nninit_at,
                        "gamma",
                        __nninit_0,
                        __nninit::Spec::new()
                            .step(
                                __nninit::FallibleStep::scheme(
                                    "constant(val = *start)",
                                    || __nninit::Ok(__nninit::schemes::constant(*start)),
                                ),
                            ),
                    );
                    __nninit::Is::<f64>::__nninit_walk(__nninit_at, "start", __nninit_1);
                }
                Self::Batch { 0: __nninit_0 } => {
                    __nninit::Is::<
                        nn::BatchNorm,
                    >::__nninit_walk(__nninit_at, "0", __nninit_0);
                }
                Self::Off {} => {}
            }
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
    impl __nninit::Declare for Norm {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[
                ("gamma", true),
                ("start", __nninit::Is::<f64>::__NNINIT_HOLDS),
                ("0", __nninit::Is::<nn::BatchNorm>::__NNINIT_HOLDS),
            ];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Norm`", &__NNINIT_HOLDING).with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfNorm;
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
                        "gamma" => {
                            __nninit::Is::<
                                Tensor,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "start" => {
                            __nninit::Is::<
                                f64,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "0" => {
                            __nninit::Is::<
                                nn::BatchNorm,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        _ => {}
                    },
                );
        }
        fn layers(__nninit_layers: &mut __nninit::Layers) {
            __nninit_layers
                .field(
                    __nninit::Is::<Tensor>::__NNINIT_HOLDS,
                    __nninit::Is::<Tensor>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<Tensor>(),
                    __nninit::Is::<Tensor>::__nninit_layers,
                    __nninit::Is::<Tensor>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<f64>::__NNINIT_HOLDS,
                    __nninit::Is::<f64>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<f64>(),
                    __nninit::Is::<f64>::__nninit_layers,
                    __nninit::Is::<f64>::__nninit_described,
                );
            __nninit_layers
                .field(
                    __nninit::Is::<nn::BatchNorm>::__NNINIT_HOLDS,
                    __nninit::Is::<nn::BatchNorm>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<nn::BatchNorm>(),
                    __nninit::Is::<nn::BatchNorm>::__nninit_layers,
                    __nninit::Is::<nn::BatchNorm>::__nninit_described,
                );
        }
    }
};
const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfNever;
    }
    #[automatically_derived]
    impl __nninit::Initialize for Never {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            match *self {}
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
    impl __nninit::Declare for Never {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Never`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfNever;
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
                        _ => {}
                    },
                );
        }
        fn layers(__nninit_layers: &mut __nninit::Layers) {}
    }
};
