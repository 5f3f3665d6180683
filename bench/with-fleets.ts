/** Fleets of any number of pipelines, over three accounts and two regions, for the benchmarks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fleet, parseFleet } from '../src/fleet/index.ts'

const TEMPLATE = `
Parameters:
  Stage: { Type: String }
  Key: { Type: String }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
      Policies: [{ PolicyName: logs, PolicyDocument: { Version: "2012-10-17", Statement: [] } }]
  Function:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, Runtime: nodejs22.x, Handler: i.h, Code: { S3Bucket: b, S3Key: k } }
`

const HEAD = `
fleet: bench
hub: { account: "111111111111", region: us-east-1 }
environments:
  test: { account: "333333333333", regions: [us-east-1, eu-west-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
`

const pipeline = (id: number): string => `
  service-${id}:
    source: { github: acme/service-${id} }
    build: {}
    deploy: [{ cloudformation: { template: template.yaml, parameters: { Stage: "\${environment}", Key: "\${artifact.key}" } } }]
    stages: [test, { environment: prod, approve: true }]
`

/** One environment of one region: what `deploy` and `status` are timed with, two stacks a pipeline. */
const SMALL_HEAD = `
fleet: bench
hub: { account: "111111111111", region: us-east-1 }
environments: { prod: { account: "222222222222", regions: [us-east-1] } }
pipelines:
`

const smallPipeline = (id: number): string => `
  service-${id}:
    source: { github: acme/service-${id} }
    build: {}
    deploy: [{ cloudformation: { template: template.yaml, parameters: { Stage: "\${environment}", Key: "\${artifact.key}" } } }]
    stages: [prod]
`

/** Calls back with a maker of fleet files, which gives their path; they are gone afterwards. */
export async function withFleetFiles<T>(use: (fileOf: (count: number) => string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-bench-'))
  try {
    writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
    return await use((count) => {
      const file = join(folder, `${count}.yaml`)
      writeFileSync(file, SMALL_HEAD + Array.from({ length: count }, (_, id) => smallPipeline(id)).join(''))
      return file
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Calls back with a maker of fleets; the applications' template is a file that is gone afterwards. */
export function withFleets<T>(use: (fleetOf: (count: number) => Fleet) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-bench-'))
  try {
    writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
    return use((count) => {
      const pipelines = Array.from({ length: count }, (_, id) => pipeline(id))
      return parseFleet(HEAD + pipelines.join(''), join(folder, 'crossdock.yaml'))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
