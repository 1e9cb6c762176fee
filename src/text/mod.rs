//! The only code that measures, orders, joins, shapes, folds or formats text.
