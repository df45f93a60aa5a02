//! Functions of the user's, which write a tensor themselves.

use std::fmt;

#[cfg(feature = "tch")]
pub(super) use self::with_tensors::Function;
#[cfg(not(feature = "tch"))]
pub(super) use self::without_tensors::Function;
use super::held::Held;

/// A function of the user's, as `Law::custom` keeps it.
///
/// Two are equal if they are one function object (or one function without data) at one scale, whatever their names.
/// What was read from a file knows the function's name alone, and refuses to write.
#[derive(Clone, PartialEq)]
pub struct Custom(Held<Function>);

impl Custom {
    #[cfg(feature = "tch")]
    pub(super) fn new<F>(write: F) -> Self
    where
        F: Fn(&mut tch::Tensor, &mut crate::Stream) -> Result<(), crate::BoxError> + Send + 'static,
    {
        Self(Held::new::<F>(Function::new(write)))
    }

    /// One that was read from a file.
    #[cfg(feature = "serde")]
    pub(super) fn named(name: &str, scale: f64) -> Self {
        Self(Held::named(name, scale))
    }

    /// The function's name, `closure` for a closure.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// What the values are multiplied by after the function has written them.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.0.scale()
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self(self.0.scaled(factor))
    }

    pub(super) fn same_data(&self, other: &Self) -> bool {
        self.0.same_data(&other.0)
    }

    pub(super) fn function(&self) -> Result<&Function, crate::Cause> {
        self.0.get()
    }

    /// Writes `tensor`.
    ///
    /// # Errors
    ///
    /// What the function fails with; where it calls itself; where only its name is known.
    #[cfg(feature = "tch")]
    pub(crate) fn write(
        &self,
        tensor: &mut tch::Tensor,
        stream: &mut crate::Stream,
    ) -> Result<(), crate::BoxError> {
        self.function()?.call(tensor, stream)?;
        if self.scale() != 1.0 {
            let _ = tensor.f_mul_scalar_(self.scale())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt("Custom", f)
    }
}

#[cfg(feature = "tch")]
mod with_tensors {
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::thread::{self, ThreadId};

    use tch::Tensor;

    use crate::numeric::law::held::Identity;
    use crate::{BoxError, Stream};

    /// A function that writes a tensor.
    #[derive(Clone)]
    pub(crate) struct Function(Arc<dyn Write>);

    impl Function {
        pub(super) fn new<F>(write: F) -> Self
        where
            F: Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError> + Send + 'static,
        {
            let identity = (size_of::<F>() == 0).then(|| Identity::of(&write));
            Self(Arc::new(Turns {
                identity,
                running: Mutex::new(None),
                write: Mutex::new(write),
            }))
        }

        pub(super) fn call(
            &self,
            tensor: &mut Tensor,
            stream: &mut Stream,
        ) -> Result<(), BoxError> {
            self.0.write(tensor, stream)
        }
    }

    impl PartialEq for Function {
        fn eq(&self, other: &Self) -> bool {
            self.0.identity() == other.0.identity()
        }
    }

    trait Write: Send + Sync {
        fn write(&self, tensor: &mut Tensor, stream: &mut Stream) -> Result<(), BoxError>;

        fn identity(&self) -> Identity;
    }

    /// A function that threads call in turn: it may hold what only one thread at a time may touch, a tensor say.
    struct Turns<F> {
        /// Of a function without data; others are told by their address.
        identity: Option<Identity>,
        /// The thread that is calling it.
        running: Mutex<Option<ThreadId>>,
        write: Mutex<F>,
    }

    impl<F> Write for Turns<F>
    where
        F: Fn(&mut Tensor, &mut Stream) -> Result<(), BoxError> + Send + 'static,
    {
        fn write(&self, tensor: &mut Tensor, stream: &mut Stream) -> Result<(), BoxError> {
            let this = Some(thread::current().id());
            if *held(&self.running) == this {
                return Err("the function is running already: it initialises, directly or by way of another model, \
                     a parameter that it writes itself"
                    .into());
            }
            let write = held(&self.write);
            let _running = Running::start(&self.running);
            write(tensor, stream)
        }

        fn identity(&self) -> Identity {
            self.identity.unwrap_or_else(|| Identity::of(self))
        }
    }

    /// Says which thread is calling until it is dropped, also by a panic.
    struct Running<'a>(&'a Mutex<Option<ThreadId>>);

    impl<'a> Running<'a> {
        fn start(running: &'a Mutex<Option<ThreadId>>) -> Self {
            *held(running) = Some(thread::current().id());
            Self(running)
        }
    }

    impl Drop for Running<'_> {
        fn drop(&mut self) {
            *held(self.0) = None;
        }
    }

    /// A panic in the user's function says nothing about the next call of it.
    fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    mod tests {
        use std::panic::{self, AssertUnwindSafe};
        use std::sync::OnceLock;

        use super::*;
        use crate::Law;
        use crate::numeric::law::Custom;

        fn write(law: &Law) -> Result<(), BoxError> {
            let Law::Custom(custom) = law else {
                unreachable!("a custom law")
            };
            custom.write(&mut Tensor::new(), &mut Stream::new(0, ""))
        }

        #[test]
        fn a_function_that_calls_itself_gets_an_error() {
            static ITSELF: OnceLock<Law> = OnceLock::new();
            let law = Law::custom(|_, _| write(ITSELF.get().unwrap()));
            let law = ITSELF.get_or_init(|| law);
            let text = write(law).unwrap_err().to_string();
            assert!(
                text.starts_with("the function is running already"),
                "{text}"
            );
            assert!(write(law).is_err(), "and again, not a deadlock");
        }

        #[test]
        fn threads_take_turns() {
            let inside = std::cell::Cell::new(0);
            let law = Law::custom(move |_, _| {
                inside.set(inside.get() + 1);
                thread::yield_now();
                let alone = inside.get() == 1;
                inside.set(inside.get() - 1);
                if alone {
                    Ok(())
                } else {
                    Err("two at once".into())
                }
            });
            thread::scope(|scope| {
                let writers: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| (0..100).try_for_each(|_| write(&law))))
                    .collect();
                for writer in writers {
                    writer.join().unwrap().unwrap();
                }
            });
        }

        #[test]
        fn a_panic_leaves_the_function_callable() {
            let first = std::cell::Cell::new(true);
            let law = Law::custom(move |_, _| {
                assert!(!first.replace(false), "the first call panics");
                Ok(())
            });
            assert!(panic::catch_unwind(AssertUnwindSafe(|| write(&law))).is_err());
            assert!(write(&law).is_ok());
        }

        #[test]
        fn functions_are_compared_by_identity() {
            #[expect(clippy::unnecessary_wraps, reason = "a function that writes may fail")]
            fn one(_: &mut Tensor, _: &mut Stream) -> Result<(), BoxError> {
                Ok(())
            }
            mod elsewhere {
                #[expect(clippy::unnecessary_wraps, reason = "a function that writes may fail")]
                pub(super) fn one(
                    _: &mut tch::Tensor,
                    _: &mut crate::Stream,
                ) -> Result<(), crate::BoxError> {
                    Ok(())
                }
            }
            let (here, there) = (Law::custom(one), Law::custom(elsewhere::one));
            assert_eq!(Custom::new(one).name(), Custom::new(elsewhere::one).name());
            assert_ne!(here, there);
            assert_eq!(here, Law::custom(one), "one function is one function");
            let holding = |number: i64| {
                Law::custom(move |tensor, _| {
                    let _ = tensor.f_fill_(number)?;
                    Ok(())
                })
            };
            let law = holding(1);
            assert_eq!(law, law.clone());
            assert_ne!(law, holding(1), "what they hold cannot be compared");
        }
    }
}

#[cfg(not(feature = "tch"))]
mod without_tensors {
    /// There is no function that writes a tensor where there are no tensors.
    #[derive(Clone, PartialEq)]
    pub(crate) enum Function {}
}
