const _: () = {
    ::core::compile_error! {
        "unknown scheme `onse`; did you mean `ones`?"
    };
};
const _: () = {
    ::core::compile_error! {
        "`normal` has no parameter `sdt`; did you mean `std`?"
    };
};
const _: () = {
    ::core::compile_error! {
        "a value is missing after `=`"
    };
};
const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfModel {
            pub one_of_two: (),
            pub all: (),
            pub part: (),
            pub fine: (),
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
        walks: __nninit::Is::<nn::Linear>::__NNINIT_WALKS,
        parts: __nninit::Is::<nn::Linear>::__NNINIT_PARTS,
        refused: __nninit::Is::<nn::Linear>::__NNINIT_REFUSED,
        drops: __nninit::needs_drop::<nn::Linear>(),
        shared: __nninit::Is::<nn::Linear>::__NNINIT_SHARED,
        plain: __nninit::Is::<nn::Linear>::__NNINIT_PLAIN,
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
            __nninit_fields: &<__nninit::If<
                nn::Linear,
                { __NNINIT_1.is_bare() },
            > as __nninit::HasParts>::Then<
                __nninit::Annotated<
                    nn::Linear,
                    { __NNINIT_1.hides_weights() },
                    { __NNINIT_1.is_store() },
                    { __NNINIT_1.is_locked() },
                    { __NNINIT_1.is_unmanaged() },
                    { __NNINIT_1.is_empty() },
                    { __NNINIT_1.takes_nothing() },
                >,
            >|
        { __nninit::ranked(&__nninit_fields.weight) };
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Linear,
                { __NNINIT_1.holds_nothing_at("weight") },
            > as __nninit::HoldsThere>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Linear,
                { __NNINIT_1.is_bare() },
            > as __nninit::HasParts>::Then<
                __nninit::Annotated<
                    nn::Linear,
                    { __NNINIT_1.hides_weights() },
                    { __NNINIT_1.is_store() },
                    { __NNINIT_1.is_locked() },
                    { __NNINIT_1.is_unmanaged() },
                    { __NNINIT_1.is_empty() },
                    { __NNINIT_1.takes_nothing() },
                >,
            >|
        {
            let _ = &__nninit_fields.bias;
        };
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &<__nninit::If<
                nn::Linear,
                { __NNINIT_1.holds_nothing_at("bias") },
            > as __nninit::HoldsThere>::Then<()>|
        {};
    };
    const _: fn() = || {
        let _ = |
            __nninit_fields: &__nninit::Unannotated<
                nn::Linear,
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
                nn::Linear,
                { __NNINIT_1.is_unseen() },
            > as __nninit::Derived<nn::Linear>>::Then<()>|
        {};
    };
    #[automatically_derived]
    impl __nninit::Initialize for Model {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "one_of_two",
                &self.one_of_two,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::scheme(
                            "zeros",
                            || __nninit::Ok(__nninit::schemes::zeros()),
                        ),
                    ),
            );
            __nninit::Is::<
                nn::Linear,
            >::__nninit_field(
                __nninit_at,
                "part",
                &self.part,
                __nninit::Spec::new()
                    .part(
                        "weight",
                        __nninit::Spec::new()
                            .step(
                                __nninit::FallibleStep::scheme(
                                    "orthogonal",
                                    || __nninit::Ok(__nninit::schemes::orthogonal()),
                                ),
                            ),
                    )
                    .part("bias", __nninit::Spec::new()),
            );
            __nninit::Is::<nn::Linear>::__nninit_walk(__nninit_at, "fine", &self.fine);
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
    impl __nninit::Declare for Model {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[
                ("one_of_two", true),
                ("all", true),
                ("part", true),
                ("fine", __nninit::Is::<nn::Linear>::__NNINIT_HOLDS),
            ];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Model`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfModel;
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
                        "one_of_two" | "all" => {
                            __nninit::Is::<
                                Tensor,
                            >::__nninit_check(__nninit_spec, __nninit_names)
                        }
                        "part" | "fine" => {
                            __nninit::Is::<
                                nn::Linear,
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
            __nninit_layers.any();
            __nninit_layers
                .field(
                    __nninit::Is::<nn::Linear>::__NNINIT_HOLDS,
                    __nninit::Is::<nn::Linear>::__NNINIT_SHARED
                        && !__nninit::needs_drop::<nn::Linear>(),
                    __nninit::Is::<nn::Linear>::__nninit_layers,
                    __nninit::Is::<nn::Linear>::__nninit_described,
                );
        }
    }
};
const _: () = {
    ::core::compile_error! {
        "a union does not know which of its fields is live; derive `Initialize` on a struct or an enum"
    };
};
const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfUnion;
    }
    #[automatically_derived]
    impl __nninit::Initialize for Union {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {}
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
    impl __nninit::Declare for Union {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Union`", &__NNINIT_HOLDING)
                .with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfUnion;
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
