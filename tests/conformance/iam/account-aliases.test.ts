/** The alias of an account through the SDK client. */
import {
  CreateAccountAliasCommand,
  DeleteAccountAliasCommand,
  IAMClient,
  ListAccountAliasesCommand,
} from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud({ accounts: [HUB, DEV] })
const [hub, dev] = [client(IAMClient), client(IAMClient, { account: DEV })]

const create = (iam: IAMClient, AccountAlias: string) =>
  iam.send(new CreateAccountAliasCommand({ AccountAlias }))
const remove = (iam: IAMClient, AccountAlias: string) =>
  iam.send(new DeleteAccountAliasCommand({ AccountAlias }))
const aliases = async (iam: IAMClient) => (await iam.send(new ListAccountAliasesCommand())).AccountAliases

it('is one to an account, and of one account only', async () => {
  expect(await aliases(hub)).toEqual([])
  await create(hub, 'acme')
  await expect(create(dev, 'acme')).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' })
  await create(hub, 'acme-hub')
  expect(await aliases(hub)).toEqual(['acme-hub'])
  await create(dev, 'acme')
  expect(await aliases(dev)).toEqual(['acme'])
})

it('is deleted by its name, and refused where it is none', async () => {
  await expect(remove(dev, 'other')).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  await remove(dev, 'acme')
  expect(await aliases(dev)).toEqual([])
  await expect(create(dev, '-dash')).rejects.toMatchObject({ name: 'ValidationError' })
})
