"""What no page may do is noticed, so that the tests of this folder fail by it."""

import asyncio

from tests.support.patience import PATIENCE
from tools.flows import Visitor, Visits

MISDEEDS = {
    "console.error('a complaint')": "console: a complaint",
    "setTimeout(() => { throw new Error('later') })": "later",
    "Promise.reject(new Error('a promise'))": "script: a promise",
    "setTimeout(() => alert('a question'))": "dialog: a question",
    "document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }))": "example.org/x.png",
    "fetch('https://example.org/data').catch(() => {})": "example.org/data",
    "document.body.insertAdjacentHTML('beforeend', `<img src='files/none.png' onerror='1'>`)": "inline event handler",
    "fetch('missing')": "404",
}


async def test_each_misdeed_is_noticed(visits: Visits, visitor: Visitor):
    assert visits.complaints == []
    for misdeed, noticed in MISDEEDS.items():
        await visitor.page.evaluate(f"() => {{ {misdeed} }}")
        async with asyncio.timeout(15 * PATIENCE):
            while not any(noticed in said for said in visits.unforgiven()):
                await visitor.page.evaluate("() => new Promise(requestAnimationFrame)")
    visits.forgive("")  # it was asked for
    assert visits.unforgiven() == []
