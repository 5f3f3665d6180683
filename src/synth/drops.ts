/** What others drop for a pipeline to fetch: the bucket of the fleet for it, and the roles that may put one object each. */
import { type Drop, type Fleet, type FleetPipeline, type TokenWriter, tokenWriter } from '../fleet/index.ts'
import {
  type Arn,
  formatArn,
  type Need,
  type OthersNeeds,
  type PolicyStatement,
  parseArn,
  rootArn,
  type StageDeclaration,
  type TemplateOutput,
  type TemplateResource,
} from '../model/index.ts'
import type { DeclaredSource } from './declare-sources.ts'
import { logicalId, type Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { policy } from './policy-parts.ts'
import { denyWithoutTls, PRIVATE_BUCKET } from './private-bucket.ts'
import { resource } from './resource.ts'
import { roleFromNeeds } from './roles.ts'

/** Gives the bucket, where anything is dropped. AWS: a source needs its versions, and a rule its events. */
export function dropBucketResources(
  { hub, keepArtifacts }: Fleet,
  names: Names,
  drops: readonly Drop[],
): Record<string, TemplateResource> {
  if (!drops.length) return {}
  const bucket = names.dropBucket(hub.region)
  return {
    DropBucket: resource('AWS::S3::Bucket', {
      BucketName: bucket,
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      ...(keepArtifacts !== undefined && {
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'keep-drops',
              Status: 'Enabled',
              NoncurrentVersionExpiration: { NoncurrentDays: keepArtifacts },
            },
          ],
        },
      }),
      ...PRIVATE_BUCKET,
    }),
    DropBucketPolicy: resource('AWS::S3::BucketPolicy', {
      Bucket: { Ref: 'DropBucket' },
      PolicyDocument: policy([
        denyWithoutTls(bucket),
        ...drops.flatMap(({ key, writers }) =>
          writers.flatMap((writer) =>
            typeof writer === 'string' ? letPut(writer, objectIn(bucket, key), hub.account) : [],
          ),
        ),
      ]),
    }),
  }
}

const objectIn = (bucket: string, key: string): Arn => formatArn('s3', '', '', `${bucket}/${key}`)

/**
 * Lets a role or a user put one object.
 * AWS: within its account a policy that names it is enough; one of another account is let in through its root, which
 * stays when it is made anew, and its own policies must let it, too.
 */
function letPut(writer: Arn, object: Arn, home: string): PolicyStatement {
  const account = parseArn(writer)!.account
  const put = { Effect: 'Allow', Action: 's3:PutObject', Resource: object } as const
  if (account === home) return { ...put, Principal: { AWS: writer } }
  return {
    ...put,
    Principal: { AWS: rootArn(account) },
    Condition: { ArnEquals: { 'aws:PrincipalArn': writer } },
  }
}

/** Writers of a source that come with tokens, and the role that they assume. */
interface TokenWriters {
  readonly source: DeclaredSource
  readonly tokens: readonly TokenWriter[]
  readonly role: Arn
  readonly object: Arn
}

const tokenWriters = (
  { hub }: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
): TokenWriters[] =>
  sources.flatMap((source) => {
    const tokens = source.drop?.writers.flatMap((writer) => tokenWriter(writer) ?? []) ?? []
    if (!source.drop || !tokens.length) return []
    return {
      source,
      tokens,
      role: names.partRoleArn(hub.account, pipeline.id, 'drop', source.source.key),
      object: objectIn(names.dropBucket(hub.region), source.drop.key),
    }
  })

/** Gives what those writers need. */
export const dropNeeds = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
): Need[] =>
  tokenWriters(fleet, pipeline, sources, names).map(({ role, object }) => ({
    principal: role,
    action: 's3:PutObject',
    resource: object,
    because: 'to put the source of the pipeline',
  }))

/** Gives what those who come with tokens need to become the role. */
const assumptions = ({ tokens, role }: TokenWriters, { hub }: Fleet): Need[] =>
  tokens.map((token) => ({
    principal: providerOf(token, hub.account),
    action: ASSUME,
    resource: role,
    context: claimsOf(token),
    because: 'to assume the role that puts the source of the pipeline',
  }))

/** Gives what the roles need that put sources, and who assumes them, for the proof: at the action that fetches what they put. */
export function writerNeeds(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stages: readonly StageDeclaration[],
  sources: readonly DeclaredSource[],
  names: Names,
): OthersNeeds[] {
  return sources.flatMap((source): OthersNeeds[] => {
    const needs = [
      ...tokenWriters(fleet, pipeline, [source], names).flatMap((writers) => assumptions(writers, fleet)),
      ...dropNeeds(fleet, pipeline, [source], names),
    ]
    return needs.length ? [{ stage: stages[0]!.name, action: source.action.name, needs }] : []
  })
}

/** Gives their roles, and outputs with the ARN of each. */
export function dropRoles(
  fleet: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
  needs: NeedsIndex,
): { resources: Record<string, TemplateResource>; outputs: Record<string, TemplateOutput> } {
  const resources: Record<string, TemplateResource> = {}
  const outputs: Record<string, TemplateOutput> = {}
  for (const { source, tokens, role } of tokenWriters(fleet, pipeline, sources, names)) {
    const id = logicalId('Drop', source.source.key ?? '', 'Role')
    const Description = `What puts the source ${source.source.name} of ${pipeline.id} acts as`
    resources[id] = roleFromNeeds(role, needs, {
      description: Description,
      iam: fleet.iam,
      trusted: tokens.map((token) => trustOf(token, fleet.hub.account)),
    })
    outputs[id] = { Description, Value: { 'Fn::GetAtt': [id, 'Arn'] } }
  }
  return { resources, outputs }
}

/**
 * Trusts the tokens of one provider with exactly these claims.
 * AWS: "Configuring a role for GitHub OIDC identity provider": the keys are the issuer's, without https://; without a
 * condition on the subject every repository could assume the role.
 */
const trustOf = (token: TokenWriter, account: string): PolicyStatement => ({
  Effect: 'Allow',
  Principal: { Federated: providerOf(token, account) },
  Action: ASSUME,
  Condition: { StringEquals: claimsOf(token) },
})

const ASSUME = 'sts:AssumeRoleWithWebIdentity'

const providerOf = ({ issuer }: TokenWriter, account: string): Arn =>
  formatArn('iam', '', account, `oidc-provider/${issuer}`)

const claimsOf = ({ issuer, audience, subject }: TokenWriter): Record<string, string> => ({
  [`${issuer}:aud`]: audience,
  [`${issuer}:sub`]: subject,
})
