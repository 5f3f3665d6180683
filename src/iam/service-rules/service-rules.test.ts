import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { factsOf } from '../facts.ts'
import type { Caller } from '../request.ts'
import { rulesFor, serviceRules } from './index.ts'

const arn = 'arn:aws:iam::111111111111:user/alice'
const caller: Caller = { kind: 'user', account: '111111111111', arn, principalArn: arn, identityPolicies: [] }
const names = (action: string, resource: string) =>
  rulesFor(factsOf({ caller, action, resource, context: {} })).map((rule) => rule.name)

describe('service rules', () => {
  it('registers every rule that has a file', () => {
    const files = readdirSync(import.meta.dirname).filter(
      (file) => !file.endsWith('.test.ts') && !['index.ts', 'service-rule.ts'].includes(file),
    )
    expect(serviceRules).toHaveLength(files.length)
    expect(new Set(serviceRules.map((rule) => rule.name)).size).toBe(files.length)
  })

  it('finds rules by service, action and resource', () => {
    expect(names('kms:Decrypt', 'arn:aws:kms:us-east-1:111111111111:key/k')).toEqual([
      'KMS key policies and grants',
    ])
    expect(names('kms:CreateAlias', 'arn:aws:kms:us-east-1:111111111111:alias/a')).toEqual([])
    expect(names('sts:AssumeRole', 'arn:aws:iam::111111111111:role/r')).toEqual(['Role trust policies'])
    expect(names('sqs:SendMessage', '*')).toEqual([])
  })
})
