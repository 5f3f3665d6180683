import { expect, test } from 'vitest'
import type { ActionDeclaration } from '../../model/index.ts'
import { pipelineNeeds } from '../needs.ts'
import { validateDeclaration } from '../rules.ts'
import { DEPLOY_ROLE, HOME, PROD, surroundings, withStage } from '../sample.fixture.ts'

const configure: ActionDeclaration = {
  name: 'configure',
  actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'AppConfig', version: '1' },
  configuration: {
    Application: '2s2qv57',
    Environment: '9tm27yd',
    ConfigurationProfile: 'PvjrpU',
    InputArtifactConfigurationPath: 'flags.json',
  },
  inputArtifacts: [{ name: 'BuildOutput' }],
  roleArn: DEPLOY_ROLE,
}

const deployed = (configuration: Record<string, string> = {}) =>
  withStage('Prod', [{ ...configure, configuration: { ...configure.configuration, ...configuration } }])

const started = (pipeline: ReturnType<typeof deployed>): string[] =>
  pipelineNeeds(pipeline, surroundings)
    .filter(({ principal, action }) => principal === DEPLOY_ROLE && action === 'appconfig:StartDeployment')
    .map(({ resource }) => resource.slice(`arn:aws:appconfig:us-east-1:${PROD}:`.length))

test('AppConfig starts a deployment on everything that it is made of, in the account of the role', () => {
  expect(validateDeclaration(deployed(), HOME)).toEqual([])
  expect(started(deployed())).toEqual([
    'application/2s2qv57',
    'application/2s2qv57/environment/9tm27yd',
    'application/2s2qv57/configurationprofile/PvjrpU',
    'deploymentstrategy/*',
  ])
  expect(started(deployed({ DeploymentStrategy: 'frqt7ir' }))).toContain('deploymentstrategy/frqt7ir')
})

test('AppConfig needs the file of the configuration', () => {
  const { InputArtifactConfigurationPath: _, ...configuration } = configure.configuration!
  expect(validateDeclaration(withStage('Prod', [{ ...configure, configuration }]), HOME)).toMatchObject([
    { message: expect.stringContaining('InputArtifactConfigurationPath') },
  ])
})
