/** The event AlexaSkill: a skill may call the function. */
import { type ExpandEvent, putPermission } from './event.ts'

export const alexaSkill: ExpandEvent = (event) => {
  putPermission(event, 'alexa-appkit.amazon.com', { EventSourceToken: event.properties.SkillId })
  return undefined
}
