/** The permissions that making something with tags takes. */
import type { AccessRequest } from '../../../kernel/access-request.ts'

/**
 * Gives the requests with the operation that makes the resource, where one is to tag it. AWS: since March 2024 every
 * account asks ecs:TagResource of whoever makes something with tags ("Tagging authorization timeline").
 */
export const asCreation = (operation: string, requests: readonly AccessRequest[]): AccessRequest[] =>
  requests.map((one) =>
    one.action === 'ecs:TagResource'
      ? { ...one, context: { ...one.context, 'ecs:CreateAction': operation } }
      : one,
  )
