/** What the embedded cloud refuses to run is told by `check`, as a warning. */
import { expect, test } from 'vitest'
import { checkStacks } from './access-systems.ts'

const ended = {
  Name: 'Old',
  ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'OpsWorks', Version: '1' },
  Configuration: { App: 'shop', Stack: 'main' },
  InputArtifacts: [{ Name: 'Built' }],
}

test('actions without a runner are told with their provider, once for each pipeline', () => {
  const at = 'Resources.Pipeline.Properties.Stages.2.Actions.+'
  const { findings } = checkStacks('stack', [
    { stack: 'hub', at, to: ended },
    { stack: 'hub', at, to: { ...ended, Name: 'Older' } },
  ])
  expect(findings.filter(({ rule }) => rule === 'refused-locally')).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringContaining(
        'does not run the provider OpsWorks of Deploy › Old, Deploy › Older; AWS does',
      ),
      origin: { logicalId: 'Pipeline' },
    },
  ])
})
