/** The kinds of resources that Secrets Manager keeps. */
import { AwsError, parseArn, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { lookUp, newArn } from './engine/find.ts'
import { type Secret, secrets } from './state.ts'

/** A secret, named by its name, its ARN, or its ARN without the random end. One marked for deletion is there. */
export const secretKind = resourceKind({
  service: 'secretsmanager',
  table: secrets,
  key: (secret) => secret.name,
  found: (ctx, named: string) => {
    const record = lookUp(ctx, named)
    const arn = record?.arn ?? (parseArn(named) ? named : newArn(ctx, named, 'XXXXXX'))
    const { account, region } = parseArn(arn) ?? ctx
    return { record, arn, account, region, named }
  },
  absent: () => new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
  policy: ({ record, arn }, ctx) =>
    record?.policy && compiledBoundPolicy(record.policy, ctx.cloud.directory, resourcePolicyOf(arn)),
  tags: tagsInRecord<Secret>({
    join: joinTags((problem) => new AwsError('InvalidParameterException', problem)),
    prefixes: ['secretsmanager:ResourceTag/', 'aws:ResourceTag/'],
    creation: 'TagResource',
  }),
  conditions: ({ record }) => record && { 'secretsmanager:SecretId': record.arn },
  access: ({ record, named }) => (record ? {} : { resourceInWords: named }),
})

export const kinds = [secretKind]
