const _: () = {
    use ::nninit::__private as __nninit;
    use __nninit::Otherwise as _;
    mod __nninit_fields {
        pub struct FieldsOfCell {
            pub w_hh: (),
            pub b_hh: (),
            pub w_ih: (),
            pub closure: (),
            pub own: (),
            pub bias: (),
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
                Tensor,
                { __NNINIT_0.is_flat() },
            > as __nninit::RankedWeight>::Then<()>|
        {};
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
    #[automatically_derived]
    impl __nninit::Initialize for Cell {
        fn describe(&self, __nninit_at: &mut __nninit::Describe<'_>) {
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "w_hh",
                &self.w_hh,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::scheme(
                                "orthogonal",
                                || __nninit::Ok(__nninit::schemes::orthogonal()),
                            )
                            .chunks(|| __nninit::Ok(__nninit::whole(4))),
                    ),
            );
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "b_hh",
                &self.b_hh,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::scheme(
                            "zeros",
                            || __nninit::Ok(__nninit::schemes::zeros()),
                        ),
                    )
                    .step(
                        __nninit::FallibleStep::scheme(
                                "ones",
                                || __nninit::Ok(__nninit::schemes::ones()),
                            )
                            .at(|| __nninit::Ok(
                                __nninit::index(self.hidden..2 * self.hidden),
                            )),
                    ),
            );
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "w_ih",
                &self.w_ih,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::scheme(
                            "constant(val = -1)",
                            || __nninit::Ok(__nninit::schemes::constant(-1.0)),
                        ),
                    )
                    .step(
                        __nninit::FallibleStep::scheme(
                                "normal(std = 0.02 / (2.0 * self.layers as f64).sqrt())",
                                || __nninit::Ok(
                                    __nninit::schemes::normal()
                                        .std(0.02 / (2.0 * self.layers as f64).sqrt()),
                                ),
                            )
                            .scale(|| __nninit::Ok(__nninit::number(2.0))),
                    ),
            );
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "closure",
                &self.closure,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::closure(
                            "|w, stream| …",
                            || __nninit::Ok(
                                __nninit::writer(|w, stream| fill(w, stream)),
                            ),
                        ),
                    ),
            );
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "own",
                &self.own,
                __nninit::Spec::new()
                    .step(
                        __nninit::with(
                            "small_init(self.hidden)?",
                            || __nninit::Ok(small_init(self.hidden)?),
                        ),
                    )
                    .step(
                        __nninit::sample(
                                "Gamma::new(2.0, 0.5)?",
                                || __nninit::Ok(Gamma::new(2.0, 0.5)?),
                            )
                            .at(|| __nninit::Ok(__nninit::index((.., 0)))),
                    ),
            );
            __nninit::Is::<
                Tensor,
            >::__nninit_field(
                __nninit_at,
                "bias",
                &self.bias,
                __nninit::Spec::new()
                    .step(
                        __nninit::FallibleStep::scheme(
                                "kaiming_uniform(a = self.slope)",
                                || __nninit::Ok(
                                    __nninit::schemes::kaiming_uniform().a(self.slope),
                                ),
                            )
                            .fan_of(|| __nninit::Ok(__nninit::fan_shape(&(self.w_hh))?))
                            .groups(|| __nninit::Ok(__nninit::whole(2)))
                            .transposed(),
                    ),
            );
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
    impl __nninit::Declare for Cell {
        const PARTS: __nninit::Parts = {
            const __NNINIT_ALL: __nninit::Fields = &[
                ("w_hh", true),
                ("b_hh", true),
                ("w_ih", true),
                ("closure", true),
                ("own", true),
                ("bias", true),
            ];
            const __NNINIT_HOLDING: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, true) },
            > = __nninit::keep(__NNINIT_ALL, true);
            const __NNINIT_EMPTY: __nninit::Held<
                { __nninit::count(__NNINIT_ALL, false) },
            > = __nninit::keep(__NNINIT_ALL, false);
            __nninit::Parts::new("`Cell`", &__NNINIT_HOLDING).with_empty(&__NNINIT_EMPTY)
        };
        type Fields = __nninit_fields::FieldsOfCell;
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
                        "w_hh" | "b_hh" | "w_ih" | "closure" | "own" | "bias" => {
                            __nninit::Is::<
                                Tensor,
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
        }
    }
};
