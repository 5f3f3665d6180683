/** What a stack reads for its own values: dynamic references, and parameters that name one of Parameter Store. */

import type { Need, Template } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import { Choice, partsOf, storedParameters, Text, Unknown, type Value } from '../../template/index.ts'
import { keyArns } from './arn-patterns.ts'
import type { GrantedStack } from './granted-stack.ts'

/**
 * Gives the needs to read them. AWS: a dynamic reference is read with CloudFormation's role, an SSM parameter type by who
 * creates the change set (as the bootstrap template of the CDK notes at its deploying role: "CreateChangeSet uses this to
 * evaluate any SSM parameters").
 */
export function readNeeds(role: string, stack: GrantedStack): Need[] {
  return [...storedNeeds(stack.around.caller ?? role, stack), ...dynamicNeeds(role, stack)]
}

function storedNeeds(principal: string, stack: GrantedStack): Need[] {
  const { template, parameters, stack: name } = stack.around
  return storedParameters(template, parameters).map(({ parameter, stored = '*' }) => ({
    principal,
    action: 'ssm:GetParameters',
    resource: parameterArn(stored, stack),
    phase: 'create',
    ...reason({
      kind: 'stack',
      stack: name,
      purpose: `to read the parameter ${parameter} of the stack ${name}`,
    }),
  }))
}

const withReferences = new WeakMap<Template, boolean>()

/** Whether a template has dynamic references at all, which few have. */
function mayHaveReferences(template: Template): boolean {
  let may = withReferences.get(template)
  if (may === undefined) {
    may = JSON.stringify(template).includes('{{resolve:')
    withReferences.set(template, may)
  }
  return may
}

function dynamicNeeds(role: string, stack: GrantedStack): Need[] {
  if (!mayHaveReferences(stack.around.template)) return []
  return stack
    .resources()
    .flatMap(([id, { Properties = {} }]) =>
      Object.keys(Properties).flatMap((name) =>
        referencesIn(stack.property(id, name), stack).flatMap((one) => referenceNeeds(role, id, one, stack)),
      ),
    )
}

/** A dynamic reference: what stands behind `resolve:`, `*` for what is not known of it, and what it refers to. */
interface DynamicReference {
  readonly text: string
  /** Logical ids of secrets of the same stack that it names. */
  readonly secrets: readonly string[]
}

function referencesIn(value: Value | undefined, stack: GrantedStack): DynamicReference[] {
  if (value instanceof Choice)
    return [...referencesIn(value.ifTrue, stack), ...referencesIn(value.ifFalse, stack)]
  if (typeof value === 'string' || value instanceof Text) {
    const secrets = partsOf(value)!.flatMap((part) => {
      const referred = typeof part === 'string' ? undefined : stack.referred(part)
      return referred?.resource.Type === 'AWS::SecretsManager::Secret' ? referred.id : []
    })
    return stack
      .texts(value, 'whole')
      .flatMap((text) => [...text.matchAll(/\{\{resolve:([^{}]+)\}\}/g)])
      .map(([, text]) => ({ text: text!, secrets }))
  }
  if (typeof value !== 'object' || value === null || value instanceof Unknown) return []
  return Object.values(value).flatMap((one) => referencesIn(one, stack))
}

function referenceNeeds(
  role: string,
  id: string,
  { text, secrets }: DynamicReference,
  stack: GrantedStack,
): Need[] {
  const { stack: name } = stack.around
  const need = (action: string, resource: string, context?: Need['context']): Need => ({
    ...{ principal: role, action, resource, phase: 'create' },
    ...(context && { context }),
    ...reason({ kind: 'resource', stack: name, logicalId: id, phase: 'refer' }),
  })
  const [kind, rest] = cut(text)
  if (kind === 'ssm') return [need('ssm:GetParameters', parameterArn(rest, stack))]
  if (kind === 'ssm-secure')
    return [
      need('ssm:GetParameters', parameterArn(rest, stack)),
      ...decryption('ssm', keyArns(undefined, stack)),
    ]
  if (kind !== 'secretsmanager') return []
  const keys = secrets.length
    ? secrets.flatMap((secret) => stack.at(secret, 'KmsKeyId').flatMap((key) => keyArns(key, stack)))
    : keyArns(undefined, stack)
  return [
    need('secretsmanager:GetSecretValue', secretArn(rest, stack)),
    ...decryption('secretsmanager', keys),
  ]

  // AWS: what is sealed under a key of one's own is opened for who reads it, by the service that keeps it.
  function decryption(service: string, arns: readonly string[]): Need[] {
    const via = { 'kms:ViaService': `${service}.${stack.around.region}.amazonaws.com` }
    return arns.map((arn) => need('kms:Decrypt', arn, via))
  }
}

function cut(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

/** AWS: a version stands behind the name; what AWS itself publishes below `/aws/service` is in no account. */
function parameterArn(written: string, { around: { account, region } }: GrantedStack): string {
  if (written.startsWith('arn:')) return written.replace(/(:parameter\/[^:]*):.*$/, '$1')
  const [name = ''] = written.split(':')
  const owner = name.startsWith('/aws/service/') ? '' : account
  return `arn:aws:ssm:${region}:${owner}:parameter${name.startsWith('/') || name === '*' ? '' : '/'}${name}`
}

/** AWS: `secret-id:SecretString:json-key:version-stage:version-id`; the id may be an ARN, with its six characters or not. */
function secretArn(written: string, { around: { account, region } }: GrantedStack): string {
  if (!written.startsWith('arn:'))
    return `arn:aws:secretsmanager:${region}:${account}:secret:${written.split(':')[0]}-*`
  const arn = written.split(':').slice(0, 7).join(':')
  return /-([A-Za-z0-9]{6}|\*)$/.test(arn) ? arn : `${arn}-*`
}
