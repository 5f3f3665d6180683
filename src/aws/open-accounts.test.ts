import { expect, test } from 'vitest'
import { Accounts } from './accounts.ts'
import { beyond } from './open-accounts.ts'

const HUB = { name: 'hub', account: '111111111111' }
const left = { account: '333333333333', region: 'us-east-1' }

test('on AWS an account that nobody names cannot be reached, and is told with what to name', async () => {
  const reach = beyond(new Accounts([HUB], { environment: {} }), [], { environment: {} })
  await expect(reach.verify(left)).rejects.toMatchObject({
    message: 'no credentials for account 333333333333 are known',
    fix: 'name a profile: --account 333333333333=<profile>',
  })
  reach.close()
})

test('one that is named leads to its own credentials; the fleet’s own stay what they are', async () => {
  const options = { environment: {} }
  const named = new Accounts([HUB], options)
  const further = [
    { name: 'old', account: left.account, profile: 'old' },
    { ...HUB, profile: 'other' },
  ]
  const reach = beyond(named, further, options)
  class Client {
    readonly config = { serviceId: 'Test' }
    readonly middlewareStack = { use: () => undefined }
    readonly given: unknown
    constructor(given: { credentials?: unknown }) {
      this.given = given.credentials
    }
    destroy(): void {}
  }
  expect((await reach.client(Client as never, left)) as Client).toMatchObject({ given: expect.any(Function) })
  expect(await reach.client(Client as never, { ...HUB, region: 'us-east-1' })).toBe(
    await named.client(Client as never, { ...HUB, region: 'us-east-1' }),
  )
})
