/** Asks the function that was just deployed, at its address and with the key of this account. */
import assert from 'node:assert/strict'

const { URL: url, KEY: key } = process.env
const ask = (headers) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"pieces":20,"each":5}',
  })

assert.equal((await ask({})).status, 401)
const answer = await ask({ 'x-api-key': key })
assert.equal(answer.status, 200)
const { price, stage, version } = await answer.json()
assert.equal(price, 90)
console.log(`version ${version} of ${stage} answers`)
