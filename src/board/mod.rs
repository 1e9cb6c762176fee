//! The indexed model and every derived fact; pure: no I/O, no clock but the day it is given.
