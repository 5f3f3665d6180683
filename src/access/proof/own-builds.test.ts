import { expect, test } from 'vitest'
import type { Template } from '../../model/index.ts'
import { readLandscape } from '../landscape/read-landscape.ts'
import { prove } from './prove.ts'

const [HUB, CONNECTION] = ['111111111111', 'arn:aws:codeconnections:us-east-1:111111111111:connection/c']

/** What fails of a project with sources, whose role may log and do what is given. */
function failing(properties: object, ...allowed: object[]): string[] {
  const allow = (one: object) => ({ Effect: 'Allow', Resource: '*', ...one })
  const template = {
    Resources: {
      Repository: { Type: 'AWS::CodeCommit::Repository', Properties: { RepositoryName: 'app' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'builder',
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'codebuild.amazonaws.com' },
                Action: 'sts:AssumeRole',
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'p',
              PolicyDocument: {
                Statement: [allow({ Action: ['logs:*', 'codebuild:*'] }), ...allowed.map(allow)],
              },
            },
          ],
        },
      },
      Project: {
        Type: 'AWS::CodeBuild::Project',
        Properties: {
          Name: 'tests',
          ServiceRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Image: 'aws/codebuild/standard:7.0' },
          ...properties,
        },
      },
    },
  } as unknown as Template
  const landscape = readLandscape([
    { stack: 'tests', target: { account: HUB, region: 'us-east-1' }, template },
  ])
  return prove(landscape, { complete: true })
    .edges.filter(({ verdict }) => verdict !== 'allowed')
    .map(({ need, uses }) => `${uses[0]?.pipeline} › ${uses[0]?.stage}: ${need.action} on ${need.resource}`)
}

const codeCommit = { Type: 'CODECOMMIT', Location: { 'Fn::GetAtt': ['Repository', 'CloneUrlHttp'] } }
const gitHub = {
  Type: 'GITHUB',
  Location: 'https://github.com/acme/web',
  Auth: { Type: 'CODECONNECTIONS', Resource: CONNECTION },
}

test('a project that clones from CodeCommit needs to pull there', () => {
  const arn = `arn:aws:codecommit:us-east-1:${HUB}:app`
  const missing = [`builds of repositories › tests: codecommit:GitPull on ${arn}`]
  expect(failing({ Source: codeCommit })).toEqual(missing)
  expect(failing({ Source: codeCommit }, { Action: 'codecommit:GitPull', Resource: arn })).toEqual([])
  const secondary = { ...codeCommit, SourceIdentifier: 'other' }
  expect(failing({ Source: { Type: 'NO_SOURCE' }, SecondarySources: [secondary] })).toEqual(missing)
})

test('a project behind a connection needs its token, under the prefix that the connection has', () => {
  const [token, get] = ['GetConnectionToken', 'GetConnection'].map((one) => `codeconnections:${one}`)
  expect(failing({ Source: gitHub }, { Action: get, Resource: CONNECTION })).toEqual([
    `builds of repositories › tests: ${token} on ${CONNECTION}`,
  ])
  expect(failing({ Source: gitHub }, { Action: [get, token], Resource: CONNECTION })).toEqual([])
})

test('a project whose token is in a secret reads that', () => {
  const secret = `arn:aws:secretsmanager:us-east-1:${HUB}:secret:token-AbCdEf`
  const Source = { ...gitHub, Auth: { Type: 'SECRETS_MANAGER', Resource: secret } }
  expect(failing({ Source })).toEqual([
    `builds of repositories › tests: secretsmanager:GetSecretValue on ${secret}`,
  ])
})

test('its artifacts are stored, and batches started, by roles that may', () => {
  const pull = { Action: 'codecommit:GitPull', Resource: `arn:aws:codecommit:us-east-1:${HUB}:app` }
  const more = {
    Source: codeCommit,
    Artifacts: { Type: 'S3', Location: 'outputs' },
    BuildBatchConfig: { ServiceRole: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  }
  expect(failing(more, pull)).toEqual([
    'builds of repositories › tests: s3:PutObject on arn:aws:s3:::outputs/*',
  ])
  expect(failing(more, pull, { Action: 's3:PutObject', Resource: 'arn:aws:s3:::outputs/*' })).toEqual([])
})

test('a project that pipelines start is not built by itself', () => {
  expect(failing({ Source: { Type: 'CODEPIPELINE' } })).toEqual([])
})
