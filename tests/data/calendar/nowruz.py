#!/usr/bin/env python3
"""Writes nowruz.csv: the Gregorian date of 1 Farvardin of each year, from the sky alone.   pip install ephem; ./nowruz.py > nowruz.csv

The year begins on the day on whose noon, in mean time of 52.5 degrees east (UTC+3:30), the sun has passed the vernal equinox: a passage
at noon or later belongs to the next day. No calendar's rule of leap years is used."""
import datetime
import ephem

print('year,first_day,equinox_iran')
for year in range(1300, 1502):
    equinox = ephem.next_vernal_equinox(str(year + 621)).datetime() + datetime.timedelta(hours=3, minutes=30)
    day = equinox.date() + datetime.timedelta(days=1 if equinox.hour >= 12 else 0)
    print(f'{year},{day},{equinox:%Y-%m-%dT%H:%M:%S}')
