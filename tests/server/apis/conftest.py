"""Companies that the tests of the sales APIs share."""

from tests.server.apis.erp_offices import (  # noqa: F401 - fixtures, for every test here
    erp,
    shared_erp,
)
from tests.server.apis.retail_shops import (  # noqa: F401 - fixtures, for every test here
    other_retail,
    retail,
    retail_office,
)
