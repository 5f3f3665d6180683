/** Answers who brings the key with what an order costs. */
import { timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { price } from './price.mjs'

const { commit } = JSON.parse(readFileSync(new URL('./version.json', import.meta.url), 'utf8'))

const secrets = new SecretsManagerClient({})
let key

/** Asked for once in each process. */
async function isRight(given = '') {
  key ??= Buffer.from(
    (await secrets.send(new GetSecretValueCommand({ SecretId: process.env.KEY_ARN }))).SecretString,
  )
  const brought = Buffer.from(given)
  return brought.length === key.length && timingSafeEqual(brought, key)
}

export const handler = async (event, { functionVersion: version }) => {
  const about = { stage: process.env.STAGE, region: process.env.AWS_REGION, version, commit }
  // Invoked without an address: by who may invoke it.
  if (!event.requestContext) return { ...about, price: price({ pieces: 20, each: 5 }) }
  if (!(await isRight(event.headers['x-api-key']))) return { statusCode: 401, body: 'bring the key' }
  return { statusCode: 200, body: JSON.stringify({ ...about, price: price(JSON.parse(event.body)) }) }
}
