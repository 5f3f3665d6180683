/** Action types that templates register are what their actions are held against. */
import { expect, it } from 'vitest'
import { readDocument } from '../../../template/index.ts'
import { readLandscape } from '../read-landscape.ts'

const TYPE = `
  Forge:
    Type: AWS::CodePipeline::CustomActionType
    Properties:
      Category: Build
      Provider: Forge
      Version: "1"
      InputArtifactDetails: { MinimumCount: 1, MaximumCount: 1 }
      OutputArtifactDetails: { MinimumCount: 0, MaximumCount: 0 }
      ConfigurationProperties:
        - { Name: Project, Required: true, Key: true, Secret: false, Queryable: true }`

const pipeline = (configuration: string, input = '{ Name: Source }') => `
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: app
      RoleArn: arn:aws:iam::111111111111:role/pipeline
      ArtifactStore: { Type: S3, Location: artifacts }
      Stages:
        - Name: Source
          Actions:
            - Name: Fetch
              ActionTypeId: { Category: Source, Owner: AWS, Provider: S3, Version: "1" }
              Configuration: { S3Bucket: drops, S3ObjectKey: app.zip }
              OutputArtifacts: [{ Name: Source }]
        - Name: Build
          Actions:
            - Name: Work
              ActionTypeId: { Category: Build, Owner: Custom, Provider: Forge, Version: "1" }
              Configuration: ${configuration}
              InputArtifacts: [${input}]`

const template = (resources: string, region = 'eu-west-1') => ({
  stack: resources.includes('Pipeline:') ? 'pipeline' : 'types',
  target: { account: '111111111111', region },
  template: readDocument(`Resources:${resources}`).template,
})

const faults = (...templates: ReturnType<typeof template>[]) =>
  readLandscape(templates).pipelines.flatMap(({ faults: all = [] }) =>
    all.map(({ severity, message }) => `${severity}: ${message}`),
  )

it('wherever the type stands among the templates', () => {
  const right = template(pipeline('{ Project: app }'))
  expect(faults(right, template(TYPE))).toEqual([])
  expect(faults(template(TYPE), right)).toEqual([])
})

it.each([
  ['{ Projekt: app }', ['unknown configuration', 'missing required configuration']],
  ['{ Project: "a b" }', ['Project is queryable']],
])('with the configuration %s', (configuration, messages) => {
  const found = faults(template(pipeline(configuration)), template(TYPE))
  expect(found).toEqual(messages.map((one) => expect.stringContaining(one)))
})

it('with the number of its artifacts', () => {
  expect(faults(template(pipeline('{ Project: app }', '')), template(TYPE))).toEqual([
    expect.stringContaining('its action type takes exactly 1'),
  ])
})

it('and one that is in no template of the account and region is told', () => {
  const warning =
    'warning: the action type Build/Forge/1 of the action Work is in no template; CodePipeline refuses the pipeline where it is not registered in the account and region'
  expect(faults(template(pipeline('{ Any: thing }')))).toEqual([warning])
  expect(faults(template(pipeline('{ Any: thing }')), template(TYPE, 'us-east-1'))).toEqual([warning])
})
