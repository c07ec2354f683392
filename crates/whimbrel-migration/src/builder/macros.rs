//! The macros that the builder is written with: from each function come the function itself, the
//! interpreter's entry, its suggestions and a line of the reference page.
//!
//! A parameter's type in parentheses takes whatever implements [`Argument`](crate::Argument) for it.

/// A parameter's Rust type: a type as it is, or `impl Argument<T>` for `(T)`.
macro_rules! parameter {
    (($ty:ty)) => { impl $crate::Argument<$ty> };
    ($ty:ty) => { $ty };
}

/// An argument as the function's body wants it.
macro_rules! argument_value {
    ($value:ident, ($ty:ty)) => {
        <_ as $crate::Argument<$ty>>::argument($value)
    };
    ($value:ident, $ty:ty) => {
        $value
    };
}

/// The type that the dispatch table asks for.
macro_rules! accepted {
    (($ty:ty)) => {
        $ty
    };
    ($ty:ty) => {
        $ty
    };
}

macro_rules! count {
    ($($it:ident)*) => { <[&str]>::len(&[$(stringify!($it)),*]) };
}

/// What the interpreter knows of a function, or of a method.
macro_rules! entry {
    (@free $path:expr, $call:path, $doc:expr, ($($arg:ident: $kind:tt),*) -> $ret:ty) => {
        $crate::dispatch::Entry {
            receiver: None,
            name: $path,
            parameters: &[$((stringify!($arg), stringify!($kind))),*],
            returns: stringify!($ret),
            doc: $doc,
            call: |arguments| {
                let wanted = count!($($arg)*);
                if arguments.len() != wanted {
                    return Err($crate::dispatch::Refused::Arity { wanted });
                }
                #[allow(unused_mut, unused_variables)]
                let mut arguments = arguments.into_iter();
                #[allow(unused_variables, unused_mut)]
                let mut position = 0..;
                $(let $arg: accepted!($kind) = $crate::dispatch::take(&mut arguments, position.next().expect("endless"))?;)*
                Ok($call($($arg),*).into())
            },
        }
    };
    (@method $receiver:ident, $name:ident, $doc:expr, ($($arg:ident: $kind:tt),*) -> $ret:ty) => {
        $crate::dispatch::Entry {
            receiver: Some(stringify!($receiver)),
            name: stringify!($name),
            parameters: &[$((stringify!($arg), stringify!($kind))),*],
            returns: stringify!($ret),
            doc: $doc,
            call: |arguments| {
                let wanted = count!($($arg)*);
                if arguments.len() != wanted + 1 {
                    return Err($crate::dispatch::Refused::Arity { wanted });
                }
                let mut arguments = arguments.into_iter();
                #[allow(unused_mut)]
                let mut position = 0..;
                let receiver: $receiver = $crate::dispatch::take(&mut arguments, position.next().expect("endless"))?;
                $(let $arg: accepted!($kind) = $crate::dispatch::take(&mut arguments, position.next().expect("endless"))?;)*
                Ok(receiver.$name($($arg),*).into())
            },
        }
    };
}

/// Free functions.
macro_rules! functions {
    ($($(#[doc = $doc:literal])* fn $name:ident($($arg:ident: $kind:tt),*) -> $ret:ty $body:block)*) => {
        $(
            $(#[doc = $doc])*
            pub fn $name($($arg: parameter!($kind)),*) -> $ret {
                $(let $arg = argument_value!($arg, $kind);)*
                $body
            }
        )*

        /// What the interpreter calls.
        pub(super) const FUNCTIONS: &[$crate::dispatch::Entry] = &[$(entry!(
            @free stringify!($name), $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> $ret
        ),)*];
    };
}

/// Functions that are called by their type: `Migration::first()`.
macro_rules! constructors {
    (of $type:ident {
        $($(#[doc = $doc:literal])* fn $name:ident($($arg:ident: $kind:tt),*) -> $ret:ty $body:block)*
    }) => {
        impl $type { $(
            $(#[doc = $doc])*
            pub fn $name($($arg: parameter!($kind)),*) -> $ret {
                $(let $arg = argument_value!($arg, $kind);)*
                $body
            }
        )* }

        /// What the interpreter calls by the type's name.
        pub(super) const CONSTRUCTORS: &[$crate::dispatch::Entry] = &[$(entry!(
            @free concat!(stringify!($type), "::", stringify!($name)), $type::$name,
            concat!($($doc, "\n"),*), ($($arg: $kind),*) -> $ret
        ),)*];
    };
}

/// Methods, which take their receiver as it is and give what follows.
macro_rules! methods {
    ($(of $type:ident {
        $($(#[doc = $doc:literal])* fn $name:ident($self:ident $(, $arg:ident: $kind:tt)*) -> $ret:ty $body:block)*
    })*) => {
        $(impl $type { $(
            $(#[doc = $doc])*
            #[allow(unused_mut)]
            pub fn $name(mut $self $(, $arg: parameter!($kind))*) -> $ret {
                $(let $arg = argument_value!($arg, $kind);)*
                $body
            }
        )* })*

        /// What the interpreter calls on a value.
        pub(super) const METHODS: &[$crate::dispatch::Entry] = &[$($(entry!(
            @method $type, $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> $ret
        ),)*)*];
    };
}

/// What is said of a column: methods of [`Column`](crate::Column), and of a type, which stands for
/// the column that it makes.
macro_rules! said_of_a_column {
    ($($(#[doc = $doc:literal])* fn $name:ident($self:ident $(, $arg:ident: $kind:tt)*) $body:block)*) => {
        impl Column { $(
            $(#[doc = $doc])*
            #[allow(unused_mut)]
            pub fn $name(mut $self $(, $arg: parameter!($kind))*) -> Column {
                $(let $arg = argument_value!($arg, $kind);)*
                $body
                $self
            }
        )* }

        impl ColumnType { $(
            $(#[doc = $doc])*
            pub fn $name(self $(, $arg: parameter!($kind))*) -> Column {
                Column::from(self).$name($($arg),*)
            }
        )* }

        /// What the interpreter calls on a column, and on a type.
        pub(super) const SAID_OF_A_COLUMN: &[$crate::dispatch::Entry] = &[
            $(entry!(
                @method Column, $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> Column
            ),)*
            $(entry!(
                @method ColumnType, $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> Column
            ),)*
        ];
    };
}

/// What follows in a migration: changes, which are methods of `Changes` too and give what they were
/// called on, and what a migration alone can say.
macro_rules! steps {
    (
        of Migration and Changes {
            $($(#[doc = $doc:literal])* fn $name:ident($self:ident $(, $arg:ident: $kind:tt)*) -> Migration $body:block)*
        }
        of Migration {
            $($(#[doc = $odoc:literal])* fn $o:ident($oself:ident $(, $oa:ident: $ok:tt)*) -> Migration $ob:block)*
        }
    ) => {
        impl Migration {
            $(
                $(#[doc = $doc])*
                #[allow(unused_mut)]
                pub fn $name(mut $self $(, $arg: parameter!($kind))*) -> Migration {
                    $(let $arg = argument_value!($arg, $kind);)*
                    $body
                }
            )*
            $(
                $(#[doc = $odoc])*
                #[allow(unused_mut)]
                pub fn $o(mut $oself $(, $oa: parameter!($ok))*) -> Migration {
                    $(let $oa = argument_value!($oa, $ok);)*
                    $ob
                }
            )*
        }

        impl Changes { $(
            $(#[doc = $doc])*
            #[allow(unused_mut)]
            pub fn $name(mut $self $(, $arg: parameter!($kind))*) -> Changes {
                $(let $arg = argument_value!($arg, $kind);)*
                $body
            }
        )* }

        /// What the interpreter calls on a migration, and on changes.
        pub(super) const STEPS: &[$crate::dispatch::Entry] = &[
            $(entry!(
                @method Migration, $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> Migration
            ),)*
            $(entry!(
                @method Migration, $o, concat!($($odoc, "\n"),*), ($($oa: $ok),*) -> Migration
            ),)*
            $(entry!(
                @method Changes, $name, concat!($($doc, "\n"),*), ($($arg: $kind),*) -> Changes
            ),)*
        ];
    };
}
