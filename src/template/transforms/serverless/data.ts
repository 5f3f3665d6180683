/** AWS's own tables: policy templates, what connectors permit, and the names of managed policies. */
import { readFileSync } from 'node:fs'
import type { Properties } from './properties.ts'

/** By name; the values of its parameters stand in the document as `Ref`. */
export type PolicyTemplates = Readonly<
  Record<string, { readonly parameters: readonly string[]; readonly document: Properties }>
>

/** What a connector makes, by the source's type and the destination's. */
export type ConnectorProfiles = Readonly<Record<string, Readonly<Record<string, ConnectorProfile>>>>

export interface ConnectorProfile {
  readonly Type:
    | 'AWS_IAM_ROLE_MANAGED_POLICY'
    | 'AWS_SQS_QUEUE_POLICY'
    | 'AWS_SNS_TOPIC_POLICY'
    | 'AWS_LAMBDA_PERMISSION'
  readonly Properties: {
    readonly SourcePolicy: boolean
    readonly DependedBy?: 'DESTINATION_EVENT_SOURCE_MAPPING' | 'SOURCE'
    readonly ValidAccessCategories?: readonly (readonly string[])[]
    readonly AccessCategories: Readonly<Record<string, Properties>>
  }
}

/** How a resource tells what connectors ask of it. */
export type ConnectorResources = Readonly<
  Record<string, { readonly Inputs: Properties; readonly Outputs: Properties }>
>

const read = new Map<string, unknown>()

/** The folder stands beside the source, and beside the bundle. */
function table<T>(name: string): T {
  const known = read.get(name)
  if (known !== undefined) return known as T
  const found = JSON.parse(
    readFileSync(new URL(`./serverless-data/${name}.json`, import.meta.url), 'utf8'),
  ) as T
  read.set(name, found)
  return found
}

export const policyTemplates = (): PolicyTemplates => table('policy-templates')
export const connectorProfiles = (): ConnectorProfiles => table('connector-profiles')
export const connectorResources = (): ConnectorResources => table('connector-resources')

/** Gives the ARN of an AWS managed policy; undefined for a name that none has. */
export function managedPolicyArn(name: string, partition: string): string | undefined {
  const paths = table<Readonly<Record<string, readonly string[]>>>('managed-policies')
  const path = Object.keys(paths).find((one) => paths[one]!.includes(name))
  return path === undefined ? undefined : `arn:${partition}:iam::aws:policy/${path}${name}`
}
