import { expect, it } from 'vitest'
import { readBucket } from './read-bucket.ts'
import { type Reach, Reading } from './reading.ts'

const HOME = { account: '111111111111', region: 'us-east-1' }

/** AWS's answer to a request that was signed for another region than the bucket's. */
const elsewhere = (name: string, answer: object) => Object.assign(new Error(name), { name, ...answer })
const header = (region: string) => ({ $response: { headers: { 'x-amz-bucket-region': region } } })

it.each([
  ['PermanentRedirect', 'eu-west-1', header('eu-west-1')],
  ['IllegalLocationConstraintException', 'eu-south-1', header('eu-south-1')],
  ['AuthorizationHeaderMalformed', 'eu-west-1', { Region: 'eu-west-1' }],
])('follows %s to the bucket', async (name, region, answer) => {
  const reach: Reach = {
    verify: async () => {},
    client: async (clientClass) => {
      const client = new clientClass({ region: HOME.region } as never) as object
      const send = async (command: object) => {
        if (command.constructor.name === 'GetBucketLocationCommand') throw elsewhere(name, answer)
        return {}
      }
      return Object.assign(client, { send }) as never
    },
  }
  const reading = new Reading(reach, HOME)
  const use = { name: 'store', region: HOME.region, owners: [HOME.account], as: 'the artifact store' }
  await readBucket(reading, use)
  expect(reading.buckets.get('store')).toMatchObject({ account: HOME.account, region })
  expect(reading.findings).toMatchObject([{ rule: 'bucket-in-another-region' }])
})
