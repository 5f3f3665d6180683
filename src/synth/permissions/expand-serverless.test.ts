/** What AWS SAM's own translator makes of a template needs the same as what is expanded here. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Template } from '../../model/index.ts'
import { parseTemplate as parse } from '../../template/index.ts'
import { executionNeeds } from './execution-needs.ts'
import { expandServerless } from './expand-serverless.ts'

/** AWS: what begins with a brace is JSON; here it is YAML in one line. */
const parseTemplate = (text: string) => parse(`---\n${text}`) as unknown as Template

/** Made with aws-sam-translator 1.110.0. */
const read = (name: string): Template =>
  parseTemplate(readFileSync(`tests/cases/serverless/${name}.json`, 'utf8'))

function needsOf(template: Template): {
  readonly lines: readonly string[]
  readonly unknown: readonly string[]
} {
  const { needs, unknownTypes } = executionNeeds('arn:aws:iam::222222222222:role/r', {
    template,
    parameters: {},
    account: '222222222222',
    region: 'eu-west-1',
    stack: 'orders',
  })
  const lines = needs.map(({ action, resource, context }) =>
    `${action} ${resource} ${Object.values(context ?? {}).join()}`.trim(),
  )
  return { lines: [...new Set(lines)].sort(), unknown: [...unknownTypes].sort() }
}

describe.each(['all-kinds', 'variants'])('the template %s', (name) => {
  const template = read(name)
  const ours = needsOf(expandServerless(template))
  const theirs = needsOf(withoutConnectors(read(`${name}.translated`)))

  it('needs what the translated template needs, and nothing more', () => {
    expect(theirs.lines.filter((line) => !ours.lines.includes(line))).toEqual([])
    expect(ours.lines.filter((line) => !theirs.lines.includes(line))).toEqual([])
  })

  it('names what nothing is known about, connectors too', () => {
    const connected = name === 'all-kinds' ? ['AWS::Serverless::Connector'] : []
    expect(ours.unknown).toEqual([...theirs.unknown, ...connected].sort())
  })
})

/** What SAM makes of a connector says so. */
const withoutConnectors = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([, { Metadata = {} }]) => !('aws:sam:connectors' in Metadata)),
  ),
})

describe('serverless resources', () => {
  const types = (text: string) =>
    Object.entries(expandServerless(parseTemplate(text)).Resources).map(([id, { Type }]) => `${id} ${Type}`)

  it('become what SAM makes of them', () => {
    expect(
      types(`
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Hello:
            Type: AWS::Serverless::Function
            Properties:
              AutoPublishAlias: live
              Events:
                Get: { Type: HttpApi }
                Jobs: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn } }
                Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
          Q: { Type: AWS::SQS::Queue }
          Table: { Type: AWS::Serverless::SimpleTable }`),
    ).toEqual([
      'Hello AWS::Lambda::Function',
      'HelloRole AWS::IAM::Role',
      'HelloVersion AWS::Lambda::Version',
      'HelloAliaslive AWS::Lambda::Alias',
      'ServerlessHttpApi AWS::ApiGatewayV2::Api',
      'ServerlessHttpApiApiGatewayDefaultStage AWS::ApiGatewayV2::Stage',
      'HelloGetPermission AWS::Lambda::Permission',
      'HelloJobs AWS::Lambda::EventSourceMapping',
      'HelloDailyPermission AWS::Lambda::Permission',
      'HelloDaily AWS::Events::Rule',
      'Q AWS::SQS::Queue',
      'Table AWS::DynamoDB::Table',
    ])
  })

  it('make no role where the function brings one', () => {
    const text = `
      Transform: AWS::Serverless-2016-10-31
      Resources: { F: { Type: AWS::Serverless::Function, Properties: { Role: "arn:aws:iam::222222222222:role/f" } } }`
    expect(types(text)).toEqual(['F AWS::Lambda::Function'])
  })

  it('stay unknown where SAM is not asked to expand them, and where nothing is known of them', () => {
    const app = '{ App: { Type: AWS::Serverless::Application } }'
    expect(types(`{ Transform: AWS::Serverless-2016-10-31, Resources: ${app} }`)).toEqual([
      'App AWS::Serverless::Application',
    ])
    expect(types('Resources: { F: { Type: AWS::Serverless::Function } }')).toEqual([
      'F AWS::Serverless::Function',
    ])
  })

  it('name an event that nothing is known about, and the connectors of a resource', () => {
    const text = `
      Transform: AWS::Serverless-2016-10-31
      Resources:
        F:
          Type: AWS::Serverless::Function
          Connectors: { Mine: {} }
          Properties: { Role: "arn:aws:iam::222222222222:role/f", Events: { Odd: { Type: Comet } } }`
    expect(types(text)).toEqual([
      'F AWS::Lambda::Function',
      'FOdd AWS::Serverless::Function event Comet',
      'FConnectors AWS::Serverless::Connector',
    ])
  })

  it('know where code is that lies in a bucket or a repository, not what a build has still to upload', () => {
    const code = (given: string) =>
      expandServerless(
        parseTemplate(
          `{ Transform: AWS::Serverless-2016-10-31, Resources: { F: { Type: AWS::Serverless::Function, Properties: { ${given} } } } }`,
        ),
      ).Resources.F!.Properties!.Code
    expect(code('CodeUri: s3://code/app.zip')).toEqual({ S3Bucket: 'code', S3Key: 'app.zip' })
    expect(code('CodeUri: { Bucket: code, Key: app.zip, Version: 1 }')).toEqual({
      S3Bucket: 'code',
      S3Key: 'app.zip',
      S3ObjectVersion: 1,
    })
    expect(code('ImageUri: 222222222222.dkr.ecr.eu-west-1.amazonaws.com/app:1')).toEqual({
      ImageUri: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/app:1',
    })
    expect(code('CodeUri: src/')).toEqual({})
  })
})
