const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfStack {
            pub layers: (),
            pub head: (),
            pub next: (),
            pub activation: (),
            pub name: (),
        }
    }
    const __NNINIT_0: __nninit::About = __nninit::About {
        walks: __nninit::Is::<&'static str>::__NNINIT_WALKS,
        parts: __nninit::Is::<&'static str>::__NNINIT_PARTS,
        refused: __nninit::Is::<&'static str>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<&'static str>(),
        shared: __nninit::Is::<&'static str>::__NNINIT_SHARED,
        plain: __nninit::Is::<&'static str>::__NNINIT_PLAIN,
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                &'static str,
                { __NNINIT_0.hides_weights() },
                { __NNINIT_0.is_store() },
                { __NNINIT_0.is_locked() },
                { __NNINIT_0.is_unmanaged() },
                { __NNINIT_0.says_nothing() },
            >|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                &'static str,
                { __NNINIT_0.is_unseen() },
            > as __nninit::Derived<str>>::Then<()>|
        {};
    };
    #[automatically_derived]
    impl<'a, T: Clone, F, const N: usize> __nninit::Initialize for Stack<'a, T, F, N>
    where
        F: Send,
        [T; N]: __nninit::Initialize,
        T: __nninit::Declare,
        T: __nninit::Initialize,
        F: __nninit::Initialize,
    {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit_at.walk::<[T; N]>("layers", &self.layers);
            __nninit_at
                .field::<
                    T,
                >(
                    "head",
                    &self.head,
                    __nninit::Spec::new()
                        .part(
                            "weight",
                            __nninit::Spec::new()
                                .step(
                                    __nninit::FallibleStep::scheme(
                                        "zeros",
                                        || __nninit::Ok(__nninit::schemes::zeros()),
                                    ),
                                ),
                        ),
                );
            __nninit_at.walk::<Option<Box<Stack<'a, T, F, N>>>>("next", &self.next);
            __nninit_at.leave("activation", __nninit::type_name::<F>());
            __nninit::Is::<&'a str>::__nninit_walk(__nninit_at, "name", &self.name);
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
    impl<'a, T: Clone, F, const N: usize> __nninit::Declare for Stack<'a, T, F, N>
    where
        F: Send,
        [T; N]: __nninit::Initialize,
        T: __nninit::Declare,
        T: __nninit::Initialize,
        F: __nninit::Initialize,
    {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[
                ("layers", true),
                ("head", true),
                ("next", true),
                ("activation", false),
                ("name", __nninit::Is::<&'static str>::__NNINIT_HOLDS),
            ];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Stack`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfStack;
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
                        "layers" => {
                            <[T; N] as __nninit::Initialize>::__check(
                                __nninit_spec,
                                __nninit_names,
                            )
                        }
                        "head" => {
                            <T as __nninit::Declare>::check(
                                __nninit_spec,
                                __nninit_names,
                            )
                        }
                        "next" => {
                            <Option<
                                Box<Stack<'a, T, F, N>>,
                            > as __nninit::Initialize>::__check(
                                __nninit_spec,
                                __nninit_names,
                            )
                        }
                        "name" => {
                            __nninit::Is::<
                                &'a str,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        _ => {}
                    },
                );
        }
        fn layers(__nninit_layers: &mut __nninit::Layers) {
            __nninit_layers.any();
            __nninit_layers
                .field(
                    __nninit::Is::<&'a str>::__NNINIT_HOLDS,
                    __nninit::Is::<&'a str>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<&'a str>(),
                    __nninit::Is::<&'a str>::__nninit_layers,
                    __nninit::Is::<&'a str>::__nninit_described,
                );
        }
    }
};
const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfBounded(pub ());
    }
    #[automatically_derived]
    impl<M: Model> __nninit::Initialize for Bounded<M>
    where
        M::Layer: Initialize,
    {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit_at.recipe(__nninit::recipe(|| __nninit::Ok(recipe(self.depth)?)));
            __nninit_at.walk::<M::Layer>("0", &self.0);
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
    impl<M: Model> __nninit::Declare for Bounded<M>
    where
        M::Layer: Initialize,
    {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[("0", true)];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Bounded`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfBounded;
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
                        "0" => {
                            <M::Layer as __nninit::Initialize>::__check(
                                __nninit_spec,
                                __nninit_names,
                            )
                        }
                        _ => {}
                    },
                );
        }
        fn layers(__nninit_layers: &mut __nninit::Layers) {
            __nninit_layers.any();
        }
    }
};
