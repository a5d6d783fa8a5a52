/** Stands where something will be; not seen before 150 ms have passed. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="bone" style={{ width: `${90 - ((i * 37) % 50)}%` }} />
      ))}
    </div>
  );
}
