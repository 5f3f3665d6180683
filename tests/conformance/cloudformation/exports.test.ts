/** Exports and imports between stacks. */
import { DeleteStackCommand, ListExportsCommand, ListImportsCommand } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
scriptType(running.cloud, 'AWS::SQS::Queue', 'q')
const Resources = { Q: { Type: 'AWS::SQS::Queue' } }
const exporting = (value: unknown, name: unknown = 'shared') => ({
  Resources,
  Outputs: { Out: { Value: value, Export: { Name: name } } },
})
const importing = {
  Resources: {
    Q: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}-x' } } },
    },
  },
}

test('hands a value from one stack to another and holds on to it while it is used', async () => {
  await stacks.create('exporter', exporting('first', 'importer-x'))
  await stacks.create('importer', importing)
  const { Exports } = await stacks.client.send(new ListExportsCommand({}))
  expect(Exports).toMatchObject([{ Name: 'importer-x', Value: 'first' }])
  const { Imports } = await stacks.client.send(new ListImportsCommand({ ExportName: 'importer-x' }))
  expect(Imports).toEqual(['importer'])

  const changed = await stacks.update('exporter', exporting('second', 'importer-x'))
  expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(await stacks.events('exporter')).toContain(
    'exporter UPDATE_ROLLBACK_IN_PROGRESS Export importer-x cannot be updated as it is in use by importer',
  )
  await stacks.client.send(new DeleteStackCommand({ StackName: 'exporter' }))
  const kept = await stacks.describe('exporter')
  expect(kept).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    StackStatusReason: 'Delete canceled. Cannot delete export importer-x as it is in use by importer.',
  })
  await stacks.remove('importer')
  expect((await stacks.remove('exporter')).StackStatus).toBe('DELETE_COMPLETE')
  await expect(stacks.client.send(new ListImportsCommand({ ExportName: 'importer-x' }))).rejects.toThrow(
    "Export 'importer-x' is not imported by any stack.",
  )
})

test('refuses a name that another stack exports, and a name that nobody exports', async () => {
  await stacks.create('one', exporting('1'))
  await stacks.create('two', exporting('2'))
  expect(await stacks.events('two')).toContain(
    'two ROLLBACK_IN_PROGRESS Export with name shared is already exported by stack one. Rollback requested by user.',
  )
  await stacks.create('lonely', importing)
  expect(await stacks.events('lonely')).toContain(
    'lonely ROLLBACK_IN_PROGRESS No export named lonely-x found. Rollback requested by user.',
  )
  const abroad = driveStacks(running, { region: 'eu-west-1' })
  expect((await abroad.create('one', exporting('1'))).StackStatus).toBe('CREATE_COMPLETE')
})
