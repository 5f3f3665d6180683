/** What policies grant and neither a pipeline nor a deployment needs. */
import { policyName } from '../../iam/index.ts'
import {
  formatArn,
  type PolicyRef,
  type PolicyStatement,
  parseArn,
  policyKey,
  rootArn,
} from '../../model/index.ts'
import type { KnownRole, Landscape } from '../landscape/landscape.ts'
import type { LocatedPolicy } from '../landscape/located-policy.ts'
import type { Origin } from '../landscape/placed-template.ts'
import { awsPrincipals, listOf, nameOf, statementsOf } from '../landscape/policy-statements.ts'
import type { Edge, Proof, ProvenStack } from '../proof/proof.ts'
import { type Part, partsBeyond, wholeStatement } from './overgrant-parts.ts'
import { isOfDeployment, usesByPolicy } from './overgrant-uses.ts'

/** A part of a policy that could go, or could be narrower. */
export interface Excess {
  /** The policy in words. */
  readonly policy: string
  readonly ref: PolicyRef
  /** Place of the statement in its policy, from 0. */
  readonly index: number
  readonly sid?: string
  readonly kind: Part['kind']
  /** What is granted beyond need. */
  readonly granted: string
  /** In one sentence. */
  readonly message: string
  readonly origin: Origin
}

/**
 * Gives what no need of the proof uses: statements, actions and resources of the policies of every role that
 * pipelines work as, of artifact buckets and of keys. Beside it, what is used but open: `*` and whole accounts.
 */
export function findOvergrants(landscape: Landscape, proof: Proof): Excess[] {
  const edges = [...proof.edges, ...(proof.spared ?? [])]
  const byPolicy = usesByPolicy(edges)
  const own = policiesForOwnWork(landscape, proof)
  return relevantPolicies(landscape, edges).flatMap((located) =>
    statementsOf(located).flatMap(([statement, index]) => {
      const { ref } = located.policy
      const key = policyKey(ref)
      if (statement.Effect !== 'Allow' || isDefaultOfKey(statement, located, landscape)) return []
      const uses = byPolicy.get(key)?.get(index) ?? []
      if (!uses.length && own.has(key) && !isAboutArtifacts(statement)) return []
      const owner = keyOwner(located, landscape)
      if (!uses.length && isForOutsiders(statement)) return []
      if (!uses.length && isUnreadAdministration(statement, owner, landscape)) return []
      const found = uses.length
        ? partsBeyond(statement, uses, owner)
        : [wholeStatement(statement, index, owner !== undefined)]
      return found.map(
        (excess): Excess => ({
          policy: policyName(ref),
          ref,
          index,
          ...(statement.Sid && { sid: statement.Sid }),
          ...excess,
          message: `${nameOf(statement, index)} of the ${policyName(ref)} ${excess.message}`,
          origin: located.origin,
        }),
      )
    }),
  )
}

/**
 * Keys of the policies of roles that do work of their own, which no declaration tells: build commands, functions,
 * and stacks whose templates are not known.
 */
function policiesForOwnWork(
  { roles, projects, functions }: Landscape,
  { edges, stacks }: Proof,
): Set<string> {
  const judgedByStack = new Set(stacks.map(({ role }) => role))
  const known = new Set(
    edges
      .filter(({ need, uses }) => !judgedByStack.has(need.principal) && uses.some(({ further }) => further))
      .map(({ need }) => need.principal),
  )
  const told = new Set(stacks.flatMap((one) => (one.unknownTypes.length ? [] : stackOf(one))))
  const untold = edges.filter(
    ({ need }) =>
      need.principal === 'cloudformation.amazonaws.com' &&
      !told.has(`${need.resource} ${need.context?.['aws:SourceArn']}`),
  )
  const own = [
    ...[...projects.values()].map(({ serviceRole }) => serviceRole),
    ...functions.values(),
    ...untold.map(({ need }) => need.resource).filter((role) => !known.has(role)),
  ]
  return new Set(
    own.flatMap((arn) => roles.get(arn)?.policies.map(({ policy }) => policyKey(policy.ref)) ?? []),
  )
}

/** The role and the stack that CloudFormation assumes it for, as the need of that tells them. */
const stackOf = ({ role, account, region, name }: ProvenStack): string =>
  `${role} ${formatArn('cloudformation', region, account, `stack/${name}/*`)}`

const isAboutArtifacts = (statement: PolicyStatement): boolean =>
  listOf(statement.Action).every((action) => /^(s3|kms):/i.test(action))

function relevantPolicies(
  { roles, users, buckets, keys }: Landscape,
  edges: readonly Edge[],
): LocatedPolicy[] {
  const principals = new Set(edges.map(({ need }) => need.principal))
  // Whom a role that is only passed on lets in is the business of the service that gets it.
  const assumed = new Set(edges.flatMap(({ need }) => (need.action === 'iam:PassRole' ? [] : need.resource)))
  const all: KnownRole[] = [...roles.values(), ...(users?.values() ?? [])]
  const used = all.filter(({ arn }) => principals.has(arn) || assumed.has(arn))
  const ofRole = ({ trust, policies }: KnownRole): LocatedPolicy[] => [
    ...(trust ? [trust] : []),
    ...policies.filter(({ kind }) => kind !== 'aws'),
  ]
  const touched = new Set(
    edges
      .filter((edge) => !isOfDeployment(edge))
      .map(({ need: { action, resource } }) => (action.startsWith('s3:') ? bucketOf(resource) : resource)),
  )
  return [
    ...used.flatMap(ofRole),
    ...[...buckets.values()].flatMap(({ name, policy }) =>
      policy && touched.has(`arn:aws:s3:::${name}`) ? policy : [],
    ),
    ...[...keys.values()].flatMap(({ arn, policy }) => (policy && touched.has(arn) ? policy : [])),
  ]
}

/** The ARN of the bucket of an object, or of the bucket itself. */
function bucketOf(arn: string): string {
  const slash = arn.indexOf('/')
  return slash < 0 ? arn : arn.slice(0, slash)
}

/** Whether all whom a statement lets in are users, or come with tokens of elsewhere: who does no work of pipelines. */
function isForOutsiders({ Principal: principal }: PolicyStatement): boolean {
  if (typeof principal !== 'object' || principal === null) return false
  const { AWS: named, Federated: tokens, ...others } = principal
  const users = listOf(named)
  if (Object.keys(others).length || !(users.length + listOf(tokens).length)) return false
  return users.every((one) => parseArn(one)?.resource.startsWith('user/'))
}

/** AWS: the statement that every key is made with, and that is to stay: the owner's identity policies decide. */
function isDefaultOfKey(statement: PolicyStatement, located: LocatedPolicy, landscape: Landscape): boolean {
  const owner = keyOwner(located, landscape)
  const principals = awsPrincipals(statement)
  return (
    owner !== undefined &&
    principals.length > 0 &&
    principals.every((name) => name === owner || name === rootArn(owner)) &&
    listOf(statement.Action).every((action) => action === 'kms:*')
  )
}

/** Live accounts do not tell how their stacks are deployed, which is what a key's own account is let in for. */
const isUnreadAdministration = (
  statement: PolicyStatement,
  owner: string | undefined,
  { templates }: Landscape,
): boolean => {
  const principals = awsPrincipals(statement)
  const isOwn = (name: string) => owner !== undefined && (name === owner || name === rootArn(owner))
  return !templates.length && principals.length > 0 && principals.every(isOwn)
}

/** The account of the key that a policy belongs to; undefined for other policies. */
function keyOwner({ policy, origin }: LocatedPolicy, { keys }: Landscape): string | undefined {
  const { kind, owner, service } = policy.ref
  if (kind !== 'resource' || typeof owner !== 'string') return undefined
  if ((parseArn(owner)?.service ?? service) !== 'kms') return undefined
  return keys.get(owner)?.account ?? origin.account
}
