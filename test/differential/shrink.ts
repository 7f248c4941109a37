/** Makes a failing list of steps short, by leaving out what is not needed for it to fail. */

/**
 * Leaves out ever smaller pieces as long as the rest still fails.
 *
 * @param fails     repeats a list; returns how many of its steps matter (all behind are dropped), undefined when it passes
 * @param runsMax   repetitions at most
 */
export async function shrink<T>(
  steps: readonly T[],
  fails: (steps: readonly T[]) => Promise<number | undefined>,
  runsMax: number,
): Promise<readonly T[]> {
  let best = steps
  let runs = 0
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && runs < runsMax;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let end = best.length; end > 0 && runs < runsMax; end -= size) {
      const start = Math.max(0, end - size)
      const candidate = [...best.slice(0, start), ...best.slice(end)]
      if (candidate.length === 0) continue
      runs++
      const length = await fails(candidate)
      if (length === undefined) continue
      best = candidate.slice(0, length)
      end = Math.min(end, best.length + size)
    }
  }
  return best
}
