"""Work on millions of pictures: numbered parts of it, on Apache Beam, from and to folders or buckets."""
