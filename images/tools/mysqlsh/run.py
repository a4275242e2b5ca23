"""
Runs one call of MySQL Shell's utilities: `mysqlsh --no-wizard --py --file=run.py`.

What is to be done stands in a JSON file that the environment variable HOLDFAST_ORDER names, the password among it: nothing of it
is an argument. When the call has ended well, and not before, an empty file beside it says so. `shell` and `util` are MySQL Shell's.
"""

import json
import os

order_file = os.environ["HOLDFAST_ORDER"]
with open(order_file, encoding="utf-8") as file:
    order = json.load(file)

session = shell.connect(order["connection"])
for statement in order["statements"]:
    session.run_sql(statement)

options = dict(order["options"])
# Versions differ in what they have: their help says what.
for name, value in order["optionsWhereKnown"].items():
    if f"- {name}: " in util.help(order["call"]):
        options[name] = value

getattr(util, order["call"])(*order["arguments"], options)

with open(order_file + ".done", "x"):
    pass
