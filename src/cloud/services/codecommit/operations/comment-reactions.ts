/** Reactions to comments. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { changeComment, findStanding, onComment } from '../engine/comment.ts'

/** AWS: the eight of "Working with comments", each as an emoji, a short code and a code point. */
const REACTIONS = [
  ['👍', ':thumbsup:', 'U+1F44D'],
  ['👎', ':thumbsdown:', 'U+1F44E'],
  ['😄', ':smile:', 'U+1F604'],
  ['❤️', ':heart:', 'U+2764'],
  ['😠', ':angry:', 'U+1F620'],
  ['😕', ':confused:', 'U+1F615'],
  ['😱', ':scream:', 'U+1F631'],
  ['😭', ':sob:', 'U+1F62D'],
] as const

const NONE = 'none'

/** AWS: each has one reaction to a comment; `none` takes it back. Errors: InvalidReactionValueException. */
export const PutCommentReaction = operation({
  service: 'codecommit',
  name: 'PutCommentReaction',
  access: onComment('PutCommentReaction'),
  run: ({ commentId, reactionValue }, ctx) => {
    const found = findStanding(ctx, commentId)
    const known = REACTIONS.find((forms) => (forms as readonly string[]).includes(reactionValue))
    if (!known && reactionValue !== NONE)
      throw new AwsError(
        'InvalidReactionValueException',
        `${reactionValue} is none of ${REACTIONS.map(([, code]) => code).join(', ')}, none`,
      )
    const { [ctx.identity.arn]: _before, ...others } = found.reactions
    changeComment(ctx, found, { reactions: known ? { ...others, [ctx.identity.arn]: known[1] } : others })
    return {}
  },
})

/** Errors: CommentDoesNotExistException, CommentDeletedException. */
export const GetCommentReactions = operation({
  service: 'codecommit',
  name: 'GetCommentReactions',
  access: onComment('GetCommentReactions'),
  run: ({ commentId, reactionUserArn, maxResults, nextToken }, ctx) => {
    const given = Object.entries(findStanding(ctx, commentId).reactions).filter(
      ([user]) => !reactionUserArn || user === reactionUserArn,
    )
    const all = REACTIONS.flatMap(([emoji, shortCode, unicode]) => {
      const reactionUsers = given.flatMap(([user, code]) => (code === shortCode ? [user] : []))
      return reactionUsers.length ? [{ reaction: { emoji, shortCode, unicode }, reactionUsers }] : []
    })
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults || 1000,
      query: [commentId, reactionUserArn],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return { reactionsForComment: page.items, nextToken: page.nextToken }
  },
})
