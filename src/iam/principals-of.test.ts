import { describe, expect, it } from 'vitest'
import { PolicySyntaxError } from './policy-syntax-error.ts'
import { principalsOf } from './principals-of.ts'

describe('principalsOf', () => {
  it('lists principals by kind, each once', () => {
    const document = {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:role/R'] } },
        { Effect: 'Allow', Principal: { AWS: '111111111111', Service: 'sns.amazonaws.com' } },
        { Effect: 'Allow', Principal: { Federated: 'accounts.google.com', CanonicalUser: '79a5' } },
        { Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::333333333333:user/u' } },
        { Effect: 'Deny', Principal: '*' },
      ].map((statement) => ({ ...statement, Action: 's3:*', Resource: '*' })),
    }
    expect(principalsOf(JSON.stringify(document))).toEqual({
      aws: ['111111111111', 'arn:aws:iam::222222222222:role/R', 'arn:aws:iam::333333333333:user/u', '*'],
      service: ['sns.amazonaws.com'],
      federated: ['accounts.google.com'],
      canonicalUser: ['79a5'],
    })
  })

  it('gives nothing for an identity policy', () => {
    const document = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const
    expect(principalsOf(document)).toEqual({ aws: [], service: [], federated: [], canonicalUser: [] })
  })

  it('refuses what is no policy', () => {
    expect(() => principalsOf('[]')).toThrow(PolicySyntaxError)
  })
})
