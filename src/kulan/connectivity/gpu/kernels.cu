// Circuits on a graphics card: the inner loops, for one NVIDIA card.
//
// All grids carry a ring of one cell on every side that stays zero. `w[(i * 4 + k) * pitch + j]` is
// the conductance between cell (i, j) and its neighbour to the east (k = 0), south (1), south-east
// (2) and south-west (3); pitch is columns + 2. Sums are taken over differences of potentials,
// never over potentials: a constant then gives exactly zero, whatever the contrast.
//
// A block works on one tile, TILE cells each way. Its threads share every loop (FOR_SHARED), and
// after a loop whose results others read stands __syncthreads(). Nothing else depends on how many
// threads a block has: with one, a block is an ordinary loop, which is how the tests run this file
// on a processor. Results do not depend on the order in which blocks or threads run.
//
// STORED is the type in which the grids of the preconditioner are kept.

#ifndef STORED
#define STORED float
#endif
#ifndef TILE
#define TILE 32
#endif
#ifndef MOST_THREADS
#define MOST_THREADS 256
#endif

#define KERNEL extern "C" __global__ void
#define FOR_SHARED(t, n) for (int t = threadIdx.x; t < (n); t += blockDim.x)

typedef long long Index;

// --- tiles ---------------------------------------------------------------------------------------

struct Tile {
    Index top, left; // first row and column, counted with the ring
};

__device__ inline Tile tile_of_block(Index columns) {
    Index across = (columns + TILE - 1) / TILE;
    Tile tile = {1 + (Index)blockIdx.x / across * TILE, 1 + (Index)blockIdx.x % across * TILE};
    return tile;
}

// Visits the cells of the block's tile that lie in the raster, as (i, j).
#define FOR_CELLS(rows, columns)                                                 \
    const Tile tile = tile_of_block(columns);                                    \
    FOR_SHARED(t, TILE * TILE)                                                   \
        for (Index i = tile.top + t / TILE, j = tile.left + t % TILE, once = 1;  \
             once && i <= (rows) && j <= (columns); once = 0)

// --- what flows to and from a cell ---------------------------------------------------------------

template <class Real> struct Spokes {
    Real n, s, w, e, nw, ne, sw, se;
};

template <class Real>
__device__ inline Spokes<Real> spokes_of(const Real *w, Index pitch, Index i, Index j) {
    const Real *here = w + i * 4 * pitch + j, *above = here - 4 * pitch;
    Spokes<Real> s = {above[pitch], here[pitch],          here[-1],
                      here[0],      above[2 * pitch - 1], above[3 * pitch + 1],
                      here[3 * pitch], here[2 * pitch]};
    return s;
}

template <class Real> __device__ inline double sum_of(const Spokes<Real> &s) {
    return (double)s.n + s.s + s.w + s.e + s.nw + s.ne + s.sw + s.se;
}

// Current that leaves the cell at `x`, whose rows are `pitch` apart.
template <class Real>
__device__ inline double outflow(const Spokes<Real> &s, const double *x, Index pitch) {
    const double here = x[0];
    return s.n * (here - x[-pitch]) + s.s * (here - x[pitch]) + s.w * (here - x[-1]) +
           s.e * (here - x[1]) + s.nw * (here - x[-pitch - 1]) + s.ne * (here - x[-pitch + 1]) +
           s.sw * (here - x[pitch - 1]) + s.se * (here - x[pitch + 1]);
}

// --- sums over a block ---------------------------------------------------------------------------

struct Add {
    __device__ static double of(double a, double b) { return a + b; }
};
struct Least {
    __device__ static double of(double a, double b) { return a < b ? a : b; }
};
struct Most {
    __device__ static double of(double a, double b) { return a > b ? a : b; }
};

// Combines one value of each thread, the same way every time. The number of threads is a power of
// two.
template <class Rule> __device__ inline double combine(double value) {
    __shared__ double values[MOST_THREADS];
    values[threadIdx.x] = value;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if ((int)threadIdx.x < half)
            values[threadIdx.x] = Rule::of(values[threadIdx.x], values[threadIdx.x + half]);
        __syncthreads();
    }
    const double all = values[0];
    __syncthreads(); // before the next combination overwrites it
    return all;
}

__device__ inline void store(double value, double *of_blocks) {
    if (threadIdx.x == 0) of_blocks[blockIdx.x] = value;
}

// --- conductances --------------------------------------------------------------------------------

__device__ inline double join(double a, double b, int of_resistances) {
    if (!(a > 0.0 && b > 0.0)) return 0.0;
    return of_resistances ? 2.0 * a * b / (a + b) : 0.5 * (a + b);
}

// Links neighbouring cells; `cells` has no ring, and NaN or zero in it is NoData.
KERNEL link_cells(Index rows, Index columns, const double *cells, Index diagonal,
                  Index of_resistances, double *w) {
    const double slanted = 0.70710678118654746;
    const Index pitch = columns + 2;
    FOR_CELLS(rows, columns) {
        const double *here = cells + (i - 1) * columns + (j - 1);
        double *links = w + i * 4 * pitch + j;
        if (j < columns) links[0] = join(here[0], here[1], of_resistances);
        if (i < rows) links[pitch] = join(here[0], here[columns], of_resistances);
        if (diagonal && i < rows && j < columns)
            links[2 * pitch] = slanted * join(here[0], here[columns + 1], of_resistances);
        if (diagonal && i < rows && j > 1)
            links[3 * pitch] = slanted * join(here[0], here[columns - 1], of_resistances);
    }
}

// Smallest positive and largest conductance, by block.
KERNEL range_of_links(Index rows, Index columns, const double *w, double *smallest,
                      double *largest) {
    const Index pitch = columns + 2;
    double least = 1e308, most = 0.0;
    FOR_CELLS(rows, columns) {
        for (int k = 0; k < 4; ++k) {
            const double value = w[(i * 4 + k) * pitch + j];
            if (value > 0.0) least = Least::of(least, value);
            most = Most::of(most, value);
        }
    }
    store(combine<Least>(least), smallest);
    store(combine<Most>(most), largest);
}

// Scales all links for the preconditioner; fills the missing ones a little, and those within a
// merged group strongly.
KERNEL fill_links(Index rows, Index columns, const double *w, Index grouped, const int *group,
                  double scale, double filling, double joining, Index diagonal, STORED *filled) {
    const Index pitch = columns + 2;
    FOR_CELLS(rows, columns) {
        const int down[4] = {0, 1, 1, 1}, right[4] = {1, 0, 1, -1};
        for (int k = 0; k < (diagonal ? 4 : 2); ++k) {
            const Index oi = i + down[k], oj = j + right[k];
            if (oi > rows || oj < 1 || oj > columns) continue;
            double value = w[(i * 4 + k) * pitch + j] / scale;
            value = value > filling ? value : filling;
            if (grouped && group[i * pitch + j] >= 0 &&
                group[i * pitch + j] == group[oi * pitch + oj])
                value = joining;
            filled[(i * 4 + k) * pitch + j] = (STORED)value;
        }
    }
}

// --- coarse grids --------------------------------------------------------------------------------
// A coarse cell (i, j) is the fine cell (2 i - 1, 2 j - 1). `shares[(i * 9 + k) * cpitch + j]` is
// what the fine cells around it take from it, row by row from the north-west.

__device__ inline STORED positive(STORED value) { return value > (STORED)0 ? value : (STORED)0; }

// Fills the shares of fine cells that lie between two coarse ones, and of coarse cells themselves.
KERNEL shares_between(Index rows, Index columns, const STORED *w, Index grounded,
                      const STORED *shift, STORED *shares) {
    const Index pitch = columns + 2, crows = (rows + 1) / 2, ccolumns = (columns + 1) / 2;
    const Index cpitch = ccolumns + 2;
    FOR_CELLS(crows, ccolumns) {
        STORED *mine = shares + i * 9 * cpitch + j;
        const Index fi = 2 * i - 1, fj = 2 * j - 1;
        mine[4 * cpitch] = (STORED)1;
        if (fj + 1 <= columns) {
            const Spokes<STORED> s = spokes_of(w, pitch, fi, fj + 1);
            STORED west = positive(s.w + s.nw + s.sw), east = positive(s.e + s.ne + s.se);
            STORED total = west + east;
            if (total == (STORED)0) west = total = (STORED)1;
            if (grounded) total += shift[fi * pitch + fj + 1];
            mine[5 * cpitch] = west / total;
            mine[3 * cpitch + 1] = east / total;
        }
        if (fi + 1 <= rows) {
            const Spokes<STORED> s = spokes_of(w, pitch, fi + 1, fj);
            STORED north = positive(s.n + s.nw + s.ne), south = positive(s.s + s.sw + s.se);
            STORED total = north + south;
            if (total == (STORED)0) north = total = (STORED)1;
            if (grounded) total += shift[(fi + 1) * pitch + fj];
            mine[7 * cpitch] = north / total;
            mine[10 * cpitch] = south / total;
        }
    }
}

// Fills the shares of fine cells in the middle of four coarse ones, from those of their neighbours.
KERNEL shares_of_centres(Index rows, Index columns, const STORED *w, Index grounded,
                         const STORED *shift, STORED *shares) {
    const Index pitch = columns + 2, crows = (rows + 1) / 2, ccolumns = (columns + 1) / 2;
    const Index cpitch = ccolumns + 2;
    FOR_CELLS(crows, ccolumns) {
        const Index fi = 2 * i, fj = 2 * j;
        if (fi <= rows && fj <= columns) {
            STORED *nw = shares + i * 9 * cpitch + j, *sw = nw + 9 * cpitch;
            STORED *ne = nw + 1, *se = sw + 1;
            Spokes<STORED> s = spokes_of(w, pitch, fi, fj);
            s.n = positive(s.n), s.s = positive(s.s), s.w = positive(s.w), s.e = positive(s.e);
            s.nw = positive(s.nw), s.ne = positive(s.ne);
            s.sw = positive(s.sw), s.se = positive(s.se);
            STORED total = s.n + s.s + s.w + s.e + s.nw + s.ne + s.sw + s.se;
            if (total == (STORED)0) s.nw = total = (STORED)1;
            if (grounded) total += shift[fi * pitch + fj];
            nw[8 * cpitch] = (s.nw + s.n * nw[5 * cpitch] + s.w * nw[7 * cpitch]) / total;
            ne[6 * cpitch] = (s.ne + s.n * ne[3 * cpitch] + s.e * ne[7 * cpitch]) / total;
            sw[2 * cpitch] = (s.sw + s.s * sw[5 * cpitch] + s.w * sw[1 * cpitch]) / total;
            se[0 * cpitch] = (s.se + s.s * se[3 * cpitch] + s.e * se[1 * cpitch]) / total;
        }
    }
}

// Potential at a fine cell that coarse potentials give by interpolation.
__device__ inline double interpolated(const STORED *shares, const double *coarse, Index cpitch,
                                      Index i, Index j) {
    const Index ci = (i + 1) / 2, cj = (j + 1) / 2;
    const STORED *s = shares + ci * 9 * cpitch + cj;
    const double *c = coarse + ci * cpitch + cj;
    if (i % 2 == 1)
        return j % 2 == 1 ? c[0] : s[5 * cpitch] * c[0] + s[3 * cpitch + 1] * c[1];
    if (j % 2 == 1) return s[7 * cpitch] * c[0] + s[10 * cpitch] * c[cpitch];
    return s[8 * cpitch] * c[0] + s[6 * cpitch + 1] * c[1] + s[11 * cpitch] * c[cpitch] +
           s[9 * cpitch + 1] * c[cpitch + 1];
}

// Writes into `x` what the coarse potentials give by interpolation.
KERNEL interpolate(Index rows, Index columns, const STORED *shares, const double *coarse,
                   double *x) {
    const Index pitch = columns + 2, cpitch = (columns + 1) / 2 + 2;
    FOR_CELLS(rows, columns) x[i * pitch + j] = interpolated(shares, coarse, cpitch, i, j);
}

// Potential, at (di, dj) from the middle of a coarse cell, when it has one and all others zero.
__device__ inline double hat(const double u[9], int di, int dj) {
    return di < -1 || di > 1 || dj < -1 || dj > 1 ? 0.0 : u[4 + 3 * di + dj];
}

// Current that leaves the fine cell at (di, dj) from the middle (fi, fj) under that potential.
__device__ inline double outflow_of_hat(Index rows, Index columns, const STORED *w, Index grounded,
                                        const STORED *shift, const double u[9], Index fi, Index fj,
                                        int di, int dj) {
    const Index i = fi + di, j = fj + dj, pitch = columns + 2;
    if (i < 1 || i > rows || j < 1 || j > columns) return 0.0;
    const Spokes<STORED> s = spokes_of(w, pitch, i, j);
    const double here = hat(u, di, dj);
    double flow = s.nw * (here - hat(u, di - 1, dj - 1)) + s.n * (here - hat(u, di - 1, dj)) +
                  s.ne * (here - hat(u, di - 1, dj + 1)) + s.w * (here - hat(u, di, dj - 1)) +
                  s.e * (here - hat(u, di, dj + 1)) + s.sw * (here - hat(u, di + 1, dj - 1)) +
                  s.s * (here - hat(u, di + 1, dj)) + s.se * (here - hat(u, di + 1, dj + 1));
    if (grounded) flow += shift[i * pitch + j] * here;
    return flow;
}

// Fills `coarse` with the conductances between coarse neighbours: minus the entries of (transposed
// interpolation) x (fine operator) x (interpolation).
KERNEL coarse_links(Index rows, Index columns, const STORED *w, Index grounded,
                    const STORED *shift, const STORED *shares, STORED *coarse) {
    const Index crows = (rows + 1) / 2, ccolumns = (columns + 1) / 2, cpitch = ccolumns + 2;
    FOR_CELLS(crows, ccolumns) {
        const STORED *mine = shares + i * 9 * cpitch + j;
        double u[9], flow[4][5]; // flows in rows -1 to 2 and columns -2 to 2 about the middle
#pragma unroll
        for (int k = 0; k < 9; ++k) u[k] = mine[k * cpitch];
#pragma unroll
        for (int di = -1; di < 3; ++di)
#pragma unroll
            for (int dj = -2; dj < 3; ++dj)
                flow[di + 1][dj + 2] =
                    di > 0 || dj > 0 ? outflow_of_hat(rows, columns, w, grounded, shift, u,
                                                      2 * i - 1, 2 * j - 1, di, dj)
                                     : 0.0;
        STORED *links = coarse + i * 4 * cpitch + j;
        if (j < ccolumns) {
            const STORED *east = mine + 1;
            double sum = 0.0;
#pragma unroll
            for (int d = 0; d < 3; ++d)
                sum += east[3 * d * cpitch] * flow[d][3] + east[(3 * d + 1) * cpitch] * flow[d][4];
            links[0] = (STORED)-sum;
        }
        if (i < crows) {
            const STORED *south = mine + 9 * cpitch;
            double sum = 0.0;
#pragma unroll
            for (int d = 0; d < 3; ++d)
                sum += south[d * cpitch] * flow[2][d + 1] + south[(3 + d) * cpitch] * flow[3][d + 1];
            links[cpitch] = (STORED)-sum;
            if (j < ccolumns)
                links[2 * cpitch] =
                    (STORED) - (south[1] * flow[2][3] + south[cpitch + 1] * flow[2][4] +
                                south[3 * cpitch + 1] * flow[3][3] +
                                south[4 * cpitch + 1] * flow[3][4]);
            if (j > 1)
                links[3 * cpitch] =
                    (STORED) - (south[cpitch - 1] * flow[2][0] + south[2 * cpitch - 1] * flow[2][1] +
                                south[4 * cpitch - 1] * flow[3][0] +
                                south[5 * cpitch - 1] * flow[3][1]);
        }
    }
}

// --- relaxation ----------------------------------------------------------------------------------
// Gauss-Seidel in four colours within a tile, while the cells around the tile keep what they had.
// Colours in the reverse order make the transposed step, so that both together are symmetric.

#define WIDE (TILE + 2)

struct Grid {
    Index rows, columns, grounded;
    const STORED *w, *shift;
    const double *b;
};

__device__ inline double size_of(STORED weight) {
    return weight < (STORED)0 ? -(double)weight : (double)weight;
}

// What a cell at the rim of its tile is held back by: its links to other tiles, whose newest
// potentials it does not see. Two cells that a strong link joins across a rim would otherwise swap
// their potentials for ever, and along links of negative conductance, which coarse grids may have,
// run away. Added to the diagonal, these links make the step converge whatever they are (Baker,
// Falgout, Kolev & Yang 2011, SIAM Journal on Scientific Computing 33, 2864-2887).
__device__ inline double restraint(const Spokes<STORED> &s, int down, int right) {
    double sum = 0.0;
    if (down == 0) sum += size_of(s.nw) + size_of(s.n) + size_of(s.ne);
    if (down == TILE - 1) sum += size_of(s.sw) + size_of(s.s) + size_of(s.se);
    if (right == 0) sum += size_of(s.w) + (down > 0 ? size_of(s.nw) : 0.0);
    if (right == 0 && down < TILE - 1) sum += size_of(s.sw);
    if (right == TILE - 1) sum += size_of(s.e) + (down > 0 ? size_of(s.ne) : 0.0);
    if (right == TILE - 1 && down < TILE - 1) sum += size_of(s.se);
    return sum;
}

__device__ inline void relax_colour(const Grid &g, const Tile &tile, double *around, int colour) {
    const Index pitch = g.columns + 2;
    FOR_SHARED(t, TILE * TILE / 4) {
        const int down = 2 * (t / (TILE / 2)) + colour / 2;
        const int right = 2 * (t % (TILE / 2)) + colour % 2;
        const Index i = tile.top + down, j = tile.left + right, here = i * pitch + j;
        if (i > g.rows || j > g.columns) continue;
        const Spokes<STORED> s = spokes_of(g.w, pitch, i, j);
        double *x = around + (down + 1) * WIDE + right + 1;
        double lacking = g.b[here] - outflow(s, x, WIDE), total = sum_of(s) + restraint(s, down, right);
        if (g.grounded) {
            lacking -= g.shift[here] * x[0];
            total += g.shift[here];
        }
        if ((STORED)total > (STORED)0) x[0] += lacking * ((STORED)1 / (STORED)total);
    }
    __syncthreads();
}

__device__ inline void write_tile(const Grid &g, const Tile &tile, const double *around, double *x) {
    FOR_SHARED(t, TILE * TILE) {
        const Index i = tile.top + t / TILE, j = tile.left + t % TILE;
        if (i <= g.rows && j <= g.columns)
            x[i * (g.columns + 2) + j] = around[(t / TILE + 1) * WIDE + t % TILE + 1];
    }
}

// Writes into `x` what `sweeps` forward sweeps make of a start at zero.
KERNEL relax_from_zero(Index rows, Index columns, const STORED *w, Index grounded,
                       const STORED *shift, const double *b, Index sweeps, double *x) {
    __shared__ double around[WIDE * WIDE];
    const Grid g = {rows, columns, grounded, w, shift, b};
    const Tile tile = tile_of_block(columns);
    FOR_SHARED(t, WIDE * WIDE) around[t] = 0.0;
    __syncthreads();
    for (Index sweep = 0; sweep < sweeps; ++sweep)
        for (int colour = 0; colour < 4; ++colour) relax_colour(g, tile, around, colour);
    write_tile(g, tile, around, x);
}

// Writes into `x` what `sweeps` forward sweeps make of `start`.
KERNEL relax_again(Index rows, Index columns, const STORED *w, Index grounded, const STORED *shift,
                   const double *b, Index sweeps, const double *start, double *x) {
    __shared__ double around[WIDE * WIDE];
    const Grid g = {rows, columns, grounded, w, shift, b};
    const Tile tile = tile_of_block(columns);
    FOR_SHARED(t, WIDE * WIDE) {
        const Index i = tile.top - 1 + t / WIDE, j = tile.left - 1 + t % WIDE;
        around[t] = i <= rows && j <= columns ? start[i * (columns + 2) + j] : 0.0;
    }
    __syncthreads();
    for (Index sweep = 0; sweep < sweeps; ++sweep)
        for (int colour = 0; colour < 4; ++colour) relax_colour(g, tile, around, colour);
    write_tile(g, tile, around, x);
}

// Adds the coarse correction to `start` and writes into `x` what `sweeps` backward sweeps make of
// it; where it is `wanted`, b x x by block.
KERNEL correct_and_relax(Index rows, Index columns, const STORED *w, Index grounded,
                         const STORED *shift, const double *b, Index sweeps, const STORED *shares,
                         const double *coarse, const double *start, double *x, Index wanted,
                         double *of_blocks) {
    __shared__ double around[WIDE * WIDE];
    const Grid g = {rows, columns, grounded, w, shift, b};
    const Tile tile = tile_of_block(columns);
    const Index cpitch = (columns + 1) / 2 + 2;
    FOR_SHARED(t, WIDE * WIDE) {
        const Index i = tile.top - 1 + t / WIDE, j = tile.left - 1 + t % WIDE;
        around[t] = i >= 1 && i <= rows && j >= 1 && j <= columns
                        ? start[i * (columns + 2) + j] + interpolated(shares, coarse, cpitch, i, j)
                        : 0.0;
    }
    __syncthreads();
    for (Index sweep = 0; sweep < sweeps; ++sweep)
        for (int colour = 3; colour >= 0; --colour) relax_colour(g, tile, around, colour);
    write_tile(g, tile, around, x);
    if (!wanted) return;
    double sum = 0.0;
    FOR_SHARED(t, TILE * TILE) {
        const Index i = tile.top + t / TILE, j = tile.left + t % TILE;
        if (i <= rows && j <= columns)
            sum += b[i * (columns + 2) + j] * around[(t / TILE + 1) * WIDE + t % TILE + 1];
    }
    store(combine<Add>(sum), of_blocks);
}

// Writes into `coarse` what is left unbalanced under `x`, gathered on the coarser grid.
KERNEL restrict_residual(Index rows, Index columns, const STORED *w, Index grounded,
                         const STORED *shift, const double *b, const double *x,
                         const STORED *shares, double *coarse) {
    __shared__ double left[(TILE + 1) * (TILE + 1)];
    const Index pitch = columns + 2, crows = (rows + 1) / 2, ccolumns = (columns + 1) / 2;
    const Index cpitch = ccolumns + 2;
    const Tile tile = tile_of_block(columns);
    FOR_SHARED(t, (TILE + 1) * (TILE + 1)) {
        const Index i = tile.top - 1 + t / (TILE + 1), j = tile.left - 1 + t % (TILE + 1);
        const Index here = i * pitch + j;
        left[t] = 0.0;
        if (i >= 1 && i <= rows && j >= 1 && j <= columns) {
            left[t] = b[here] - outflow(spokes_of(w, pitch, i, j), x + here, pitch);
            if (grounded) left[t] -= shift[here] * x[here];
        }
    }
    __syncthreads();
    FOR_SHARED(t, TILE * TILE / 4) {
        const int down = t / (TILE / 2), right = t % (TILE / 2);
        const Index ci = (tile.top + 1) / 2 + down, cj = (tile.left + 1) / 2 + right;
        if (ci > crows || cj > ccolumns) continue;
        const STORED *s = shares + ci * 9 * cpitch + cj;
        const double *r = left + (2 * down + 1) * (TILE + 1) + 2 * right + 1;
        double sum = r[0];
        for (int k = 0; k < 9; ++k)
            if (k != 4) sum += s[k * cpitch] * r[(k / 3 - 1) * (TILE + 1) + k % 3 - 1];
        coarse[ci * cpitch + cj] = sum;
    }
}

// Multiplies `b` on the coarsest grid by the inverse of its equations; a block makes one row.
KERNEL apply_inverse(Index columns, Index size, const double *inverse, const double *b, double *x) {
    const Index row = blockIdx.x;
    double sum = 0.0;
    for (Index k = threadIdx.x; k < size; k += blockDim.x)
        sum += inverse[row * size + k] * b[(1 + k / columns) * (columns + 2) + 1 + k % columns];
    sum = combine<Add>(sum);
    if (threadIdx.x == 0) x[(1 + row / columns) * (columns + 2) + 1 + row % columns] = sum;
}

// --- conjugate gradients -------------------------------------------------------------------------

// Product of two grids, by block.
KERNEL product_of(Index rows, Index columns, const double *a, const double *b, double *of_blocks) {
    double sum = 0.0;
    FOR_CELLS(rows, columns) sum += a[i * (columns + 2) + j] * b[i * (columns + 2) + j];
    store(combine<Add>(sum), of_blocks);
}

// Goes the `length` that is still owed along p, then takes the next direction, p = z + beta p,
// where cells are active.
KERNEL turn(Index rows, Index columns, double length, const double *z, double beta,
            const unsigned char *active, double *p, double *x) {
    FOR_CELLS(rows, columns) {
        const Index here = i * (columns + 2) + j;
        x[here] += length * p[here];
        p[here] = active[here] ? z[here] + beta * p[here] : 0.0;
    }
}

// Writes the current that leaves each active cell under `p` into `flow`, and p x flow by block.
KERNEL flow_of(Index rows, Index columns, const double *w, Index grounded, const double *shift,
               const double *p, const unsigned char *active, double *flow, double *of_blocks) {
    const Index pitch = columns + 2;
    double sum = 0.0;
    FOR_CELLS(rows, columns) {
        const Index here = i * pitch + j;
        double leaving = outflow(spokes_of(w, pitch, i, j), p + here, pitch);
        if (grounded) leaving += shift[here] * p[here];
        flow[here] = active[here] ? leaving : 0.0;
        sum += p[here] * flow[here];
    }
    store(combine<Add>(sum), of_blocks);
}

// Takes from r what flows off along `length` of the direction; the square of what is left by block.
KERNEL take_off(Index rows, Index columns, double length, const double *flow, double *r,
                double *of_blocks) {
    double sum = 0.0;
    FOR_CELLS(rows, columns) {
        const Index here = i * (columns + 2) + j;
        const double left = r[here] - length * flow[here];
        r[here] = left;
        sum += left * left;
    }
    store(combine<Add>(sum), of_blocks);
}

// --- merged groups and further links -------------------------------------------------------------

// Sum of `values` over a stretch of the list of merged cells; a block takes one stretch.
KERNEL sum_stretches(const Index *starts, const Index *cells, const double *values, double *sums) {
    double sum = 0.0;
    for (Index k = starts[blockIdx.x] + threadIdx.x; k < starts[blockIdx.x + 1]; k += blockDim.x)
        sum += values[cells[k]];
    store(combine<Add>(sum), sums);
}

// Mean of each group from the sums of its stretches; a block takes one group.
KERNEL means_of_groups(const Index *first_stretch, const Index *starts, const double *sums,
                       double *means) {
    const Index first = first_stretch[blockIdx.x], end = first_stretch[blockIdx.x + 1];
    double sum = 0.0;
    for (Index k = first + threadIdx.x; k < end; k += blockDim.x)
        sum += sums[k] / (double)(starts[end] - starts[first]);
    store(combine<Add>(sum), means);
}

// Gives every cell of a stretch the mean of its group.
KERNEL spread_means(const Index *starts, const Index *group, const Index *cells,
                    const double *means, double *values) {
    const double mean = means[group[blockIdx.x]];
    for (Index k = starts[blockIdx.x] + threadIdx.x; k < starts[blockIdx.x + 1]; k += blockDim.x)
        values[cells[k]] = mean;
}

// Adds to `flow` what leaves active places along further links; a thread takes one place, and in
// `others` and `conductance` stand the far ends of its links, from starts[place] on.
KERNEL add_link_flow(Index places, const Index *place, const Index *starts, const Index *others,
                     const double *conductance, const double *p, const unsigned char *active,
                     double *flow) {
    const Index k = (Index)blockIdx.x * MOST_THREADS;
    FOR_SHARED(t, MOST_THREADS) {
        if (k + t >= places || !active[place[k + t]]) continue;
        const Index here = place[k + t];
        double leaving = 0.0;
        for (Index link = starts[k + t]; link < starts[k + t + 1]; ++link)
            leaving += conductance[link] * (p[here] - p[others[link]]);
        flow[here] += leaving;
    }
}

// --- current maps --------------------------------------------------------------------------------

__device__ inline double current(double conductance, double difference, double cutoff) {
    const double now = conductance * difference, size = now < 0.0 ? -now : now;
    return size > cutoff ? size : 0.0;
}

// Half the sum of all currents at a cell under the potential `high` less `low`; those of at most
// `cutoff` count as none.
__device__ inline double half_of_currents(const Spokes<double> &s, const double *low,
                                          const double *high, Index pitch, double cutoff) {
    const double here = high[0] - low[0];
#define TO(at) (here - (high[at] - low[at]))
    return 0.5 * (current(s.e, TO(1), cutoff) + current(s.w, TO(-1), cutoff) +
                  current(s.s, TO(pitch), cutoff) + current(s.se, TO(pitch + 1), cutoff) +
                  current(s.sw, TO(pitch - 1), cutoff) + current(s.n, TO(-pitch), cutoff) +
                  current(s.nw, TO(-pitch - 1), cutoff) + current(s.ne, TO(-pitch + 1), cutoff));
#undef TO
}

// Adds the current map of a pair to `total` and keeps the `largest` of each cell; one ampere enters
// at the cell numbered `one_end` and leaves at `other_end`. Neither map has a ring.
KERNEL accumulate_pair(Index rows, Index columns, const double *w, const double *low,
                       const double *high, double cutoff, Index one_end, Index other_end,
                       double *total, double *largest) {
    const Index pitch = columns + 2;
    FOR_CELLS(rows, columns) {
        const Index here = i * pitch + j, plain = (i - 1) * columns + j - 1;
        double now = half_of_currents(spokes_of(w, pitch, i, j), low + here, high + here, pitch,
                                      cutoff);
        if (here == one_end) now += 0.5;
        if (here == other_end) now += 0.5;
        total[plain] += now;
        largest[plain] = Most::of(largest[plain], now);
    }
}
