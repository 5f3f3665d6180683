/** Policies on secrets. */

import { isPublic, validate } from '../../../../iam/index.ts'
import { AwsError, readJson } from '../../../../model/index.ts'
import { bindPolicy, policyText, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { save } from '../engine/find.ts'
import { findSecret } from '../engine/find-secret.ts'
import { secretKind } from '../kinds.ts'

/** What is wrong with a policy, in words. */
function problems(ctx: Context, text: string): string[] {
  let document: never
  try {
    document = readJson(text) as never
  } catch {
    return ['This resource policy contains a syntax error.']
  }
  const found = validate(document, 'resource')
  const unknown = found.length ? undefined : unknownPrincipal(document, ctx.cloud.directory)
  return unknown === undefined ? found : ['This resource policy contains an unsupported principal.']
}

export const PutResourcePolicy = operation({
  service: 'secretsmanager',
  name: 'PutResourcePolicy',
  access: (input, ctx) => [
    secretKind.on(ctx, 'PutResourcePolicy', input.SecretId, {
      'secretsmanager:BlockPublicPolicy': String(input.BlockPublicPolicy ?? false),
    }),
  ],
  run: ({ SecretId, ResourcePolicy, BlockPublicPolicy }, ctx) => {
    const secret = findSecret(ctx, SecretId)
    const [problem] = problems(ctx, ResourcePolicy)
    if (problem) throw new AwsError('MalformedPolicyDocumentException', problem)
    if (BlockPublicPolicy && isPublic(ResourcePolicy))
      throw new AwsError(
        'PublicPolicyException',
        'This resource policy grants broad access to the secret. It was blocked by BlockPublicPolicy.',
      )
    save(ctx, { ...secret, policy: bindPolicy(ResourcePolicy, ctx.cloud.directory) })
    return { ARN: secret.arn, Name: secret.name }
  },
})

export const GetResourcePolicy = operation({
  service: 'secretsmanager',
  name: 'GetResourcePolicy',
  access: accessTo('GetResourcePolicy'),
  run: ({ SecretId }, ctx) => {
    const secret = findSecret(ctx, SecretId, { deleted: true })
    const ResourcePolicy = secret.policy && policyText(secret.policy, ctx.cloud.directory)
    return { ARN: secret.arn, Name: secret.name, ResourcePolicy }
  },
})

export const DeleteResourcePolicy = operation({
  service: 'secretsmanager',
  name: 'DeleteResourcePolicy',
  access: accessTo('DeleteResourcePolicy'),
  run: ({ SecretId }, ctx) => {
    const secret = findSecret(ctx, SecretId)
    save(ctx, { ...secret, policy: undefined })
    return { ARN: secret.arn, Name: secret.name }
  },
})

export const ValidateResourcePolicy = operation({
  service: 'secretsmanager',
  name: 'ValidateResourcePolicy',
  access: (input, ctx) => [
    input.SecretId
      ? secretKind.on(ctx, 'ValidateResourcePolicy', input.SecretId)
      : { action: 'secretsmanager:ValidateResourcePolicy', resource: '*' },
  ],
  run: (input, ctx) => {
    const found = problems(ctx, input.ResourcePolicy)
    return {
      PolicyValidationPassed: found.length === 0,
      ValidationErrors: found.map((ErrorMessage) => ({ CheckName: 'SYNTAX', ErrorMessage })),
    }
  },
})
