/** BLMOVE and BRPOPLPUSH behind their arguments. */

import { mayWait } from '../../engine/blocking.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import type { EffectPart } from '../../engine/effects.js'
import { moveElement } from './move-element.js'
import { LIST_WAITER } from './blocking-pop.js'

/**
 * Moves an element, or waits for one at the source.
 *
 * @param word  the command that does the same without waiting: what the feed is told, with the first arguments as sent
 */
export function moveOrWait(
  call: Call, fromHead: boolean, toHead: boolean, deadlineMs: number, word: string, words: number,
): void {
  const source = call.findWrite(1)
  if (source === 0) {
    if (mayWait(call.client)) call.store.blocking.park(call, LIST_WAITER, 1, 1, deadlineMs)
    else call.reply.nil()
    return
  }
  if (!call.hasType(source, Type.list)) return
  if (!moveElement(call, source, fromHead, toHead) || !call.propagates) return
  const effect: EffectPart[] = [word]
  for (let i = 1; i < words; i++) effect.push(call.copyBytes(i))
  call.propagateAs(effect)
} // prettier-ignore
